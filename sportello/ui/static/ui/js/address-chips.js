/* Addresses as chips, one by one. <address-chips data-remove="Remove {name}" data-options="people"> wraps a text field
 * whose value lists addresses, split by commas; it stays the field that is sent. Enter, comma, space and leaving the
 * entry end an address, Backspace in the empty entry takes the last one back. data-options names a <datalist> to
 * complete from; data-suggests is asked with ?address=… for its options.
 */
const PAUSE = 200;

customElements.define("address-chips", class extends HTMLElement {
  connectedCallback() {
    if (this.entry) return;
    this.field = this.querySelector("input");
    this.entry = this.field.cloneNode();
    for (const name of ["name", "id", "value"]) this.entry.removeAttribute(name);
    this.entry.value = "";
    this.entry.setAttribute("aria-label", this.field.labels[0]?.textContent ?? "");
    if (this.dataset.options) this.entry.setAttribute("list", this.dataset.options);
    this.field.type = "hidden";
    this.append(this.entry);
    this.entry.addEventListener("keydown", (event) => this.key(event));
    this.entry.addEventListener("input", (event) => this.typed(event));
    this.entry.addEventListener("change", () => this.take());
    this.entry.addEventListener("blur", () => this.take());
    this.draw();
  }

  get addresses() {
    return this.field.value.split(/[,;\s]+/).filter(Boolean);
  }

  set addresses(list) {
    this.field.value = [...new Set(list)].join(", ");
    this.draw();
  }

  key(event) {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.take();
    } else if (event.key === "Backspace" && !this.entry.value && this.addresses.length) {
      event.preventDefault();
      this.entry.value = this.addresses.at(-1);
      this.addresses = this.addresses.slice(0, -1);
    }
  }

  typed(event) {
    clearTimeout(this.timer);
    if (event.inputType === "insertReplacementText" || /[,;\s]/.test(this.entry.value)) return this.take();
    if (!this.dataset.suggests || this.entry.value.length < 2) return;
    const ask = () => window.htmx?.ajax("GET", this.dataset.suggests, { values: { address: this.entry.value }, target: `#${this.dataset.options}`, swap: "innerHTML" });
    this.timer = setTimeout(ask, PAUSE);
  }

  take() {
    const typed = this.entry.value.split(/[,;\s]+/).filter(Boolean);
    this.entry.value = "";
    if (typed.length) this.addresses = [...this.addresses, ...typed];
  }

  draw() {
    this.querySelectorAll(".recipient").forEach((chip) => chip.remove());
    for (const address of this.addresses) this.entry.before(this.chip(address));
    this.entry.placeholder = this.addresses.length ? "" : this.field.placeholder;
  }

  chip(address) {
    const chip = document.createElement("span");
    chip.className = "recipient";
    chip.append(address);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "×";
    remove.setAttribute("aria-label", this.dataset.remove.replace("{name}", address));
    remove.addEventListener("click", () => {
      this.addresses = this.addresses.filter((one) => one !== address);
      this.entry.focus();
    });
    chip.append(remove);
    return chip;
  }
});
