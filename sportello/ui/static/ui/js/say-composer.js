/* Reply or note? <say-composer data-typing="/…"> inside the form of a `.composer` colours it by what is chosen and puts
 * the cursor into the text, also when it was chosen already. It sends with mod+Enter (mod+shift+Enter: and solve), and
 * tells colleagues, at most every five seconds, that somebody types.
 *
 * An answer with a refusal (409, 413, 422) goes where the server says and leaves the words alone. A composer that the
 * server sends, with the words of a reply that was taken back, keeps what was written meanwhile below them. The field
 * [name=seen] follows the conversation only while nothing is written, so that nobody answers what they have not read.
 * A page that came with such words (`?again=`) does not bring them again after they were sent. Once the text is emptied it catches up, and what warned about the text goes. Who sent out of it is on the chosen kind
 * afterwards: letters are shortcuts there, and Tab goes on from there.
 */
const EVERY = 5000;
let wasInside = false; // whoever sent the composer that is being replaced

function sent() {
  const here = new URL(location);
  here.searchParams.delete("again");
  history.replaceState(history.state, "", here);
}

customElements.define("say-composer", class extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.sheet = this.closest(".composer");
    this.told = 0;
    this.addEventListener("change", () => this.show());
    this.addEventListener("click", (event) => event.target.name === "kind" && this.choose(event.target.value));
    this.addEventListener("input", (event) => event.target.name === "text" && this.typed());
    this.addEventListener("keydown", (event) => this.key(event));
    this.heard = (event) => this.arrives(event);
    document.addEventListener("htmx:beforeSwap", this.heard);
    document.addEventListener("htmx:oobBeforeSwap", this.heard);
    document.addEventListener("click", this.pick = (event) => this.choose(event.target.closest?.("[data-picks-kind]")?.dataset.picksKind));
    this.show();
    if (this.text.defaultValue) this.goOn();
    if (location.hash === "#composer") this.text.focus();
    if (wasInside) this.form.querySelector("[name=kind]:checked").focus();
    wasInside = false;
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:beforeSwap", this.heard);
    document.removeEventListener("htmx:oobBeforeSwap", this.heard);
    document.removeEventListener("click", this.pick);
  }

  get text() {
    return this.form.elements.text;
  }

  get kind() {
    return this.form.elements.kind?.value || "reply";
  }

  // Words that came with the page are a draft like those that are typed
  goOn() {
    if (!this.text.checkVisibility()) location.replace("#composer"); // on a phone it waits behind its bar
    this.text.focus();
    this.text.dispatchEvent(new Event("change", { bubbles: true }));
    setTimeout(() => this.closest("draft-keeper")?.dispatchEvent(new Event("input")));
  }

  show() {
    this.sheet.dataset.kind = this.kind;
    this.sheet.dataset.then = this.kind === "reply" ? this.form.elements.then?.value ?? "" : "";
  }

  choose(kind) {
    const radio = kind && this.form.querySelector(`[name=kind][value=${kind}]`);
    if (!radio) return;
    radio.checked = true;
    this.show();
    this.text.focus();
    setTimeout(() => this.text.focus()); // what was clicked takes the focus, or unfolds the composer, only now
  }

  key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (event.shiftKey && this.form.elements.then) this.form.elements.then.value = "solved";
    this.show();
    this.form.requestSubmit();
  }

  arrives(event) {
    const { xhr, target, fragment } = event.detail;
    if (event.type === "htmx:beforeSwap") {
      if (![409, 413, 422].includes(xhr?.status) || !xhr.getResponseHeader("HX-Retarget")) return;
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else if (target.id === "last-seen" && this.text.value.trim()) {
      this.later = fragment.querySelector("[name=seen]")?.value;
      event.preventDefault();
    } else if (target === this.sheet) {
      const words = fragment.querySelector("textarea[name=text]");
      if (words.value === "") {
        wasInside = this.contains(document.activeElement);
        sent();
      } else if (this.text.value.trim()) words.defaultValue += `\n\n${this.text.value}`;
    }
  }

  typed() {
    if (this.text.value.trim()) return this.tell();
    if (this.later) this.form.elements.seen.value = this.later;
    this.later = "";
    const warnings = this.querySelector("#warnings");
    warnings?.removeAttribute("class");
    warnings?.replaceChildren();
  }

  tell() {
    if (Date.now() - this.told < EVERY) return;
    this.told = Date.now();
    window.htmx?.ajax("POST", this.dataset.typing, { values: { kind: this.kind }, swap: "none" });
  }
});
