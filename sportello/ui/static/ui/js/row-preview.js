/* Shows the row under the cursor beside the list: on `row-cursor`, a row's link with data-preview="/…" is fetched into
 * #preview, when that pane is on screen. Without a moment's rest nothing is asked.
 */
const REST = 150;
let timer;

document.addEventListener("row-cursor", (event) => {
  const address = event.target.querySelector("[data-preview]")?.dataset.preview;
  const pane = document.getElementById("preview");
  clearTimeout(timer);
  if (!address || !pane?.checkVisibility()) return;
  timer = setTimeout(() => window.htmx?.ajax("GET", address, { target: "#preview", swap: "outerHTML" }), REST);
});
