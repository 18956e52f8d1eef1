/* A button .picking-switch shows the boxes of its <row-picker> where there is no room for them otherwise (data-picking);
 * a touch then picks a row instead of opening it. Pressed again, or once the selection is cleared, they go.
 */
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".picking-switch, [data-picks=none]");
  const picker = button?.closest("row-picker");
  if (!picker) return;
  const on = button.matches(".picking-switch") && !("picking" in picker.dataset);
  picker.toggleAttribute("data-picking", on);
  picker.querySelector(".picking-switch")?.setAttribute("aria-pressed", String(on));
  if (!on && button.matches(".picking-switch")) picker.querySelector("[data-picks=none]")?.click();
});
