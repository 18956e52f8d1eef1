/* What is open stays in view, and closes by Escape: the row of the current ticket is scrolled to once its strip has come,
 * and the drawer, the sheet or the column that lies over a narrow page goes. News that puts another in its place leaves it open.
 * Where nothing lies over the page, Escape leaves the text of the composer: the words stay, and letters are shortcuts again.
 */
const OVER = ".sidebar:target, .sheet:target, .pane--context:target";

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.matches(".sidebar, .sheet, .pane--context") && location.hash === `#${target.id}`) location.replace(location.hash);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const list = event.target;
  if (list.id !== "ticket-list" || list.closest(".panes[data-shown]")) return;
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  list.closest(".panes")?.setAttribute("data-shown", "");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector(OVER)) location.hash = "#main";
  else if (event.target.matches(".composer textarea")) event.target.blur();
  else return;
  event.preventDefault();
});
