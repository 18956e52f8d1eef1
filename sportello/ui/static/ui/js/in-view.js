/* What is open stays in view, and closes by Escape: the row of the current ticket is scrolled to once its strip has come,
 * and the drawer, the sheet or the column that lies over a narrow page goes. News that puts another in its place leaves it open.
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
  if (event.key !== "Escape" || event.defaultPrevented || !document.querySelector(OVER)) return;
  event.preventDefault();
  location.hash = "#main";
});
