/* Files by choosing, dropping or pasting, listed with a way to take each out again, and weighed before they are sent.
 * <file-drop data-limit="bytes together" data-too-large="{name} …" data-without="…" data-remove="Remove {name}"> holds
 * `.dropzone` with the file input, a [role=alert] and a <ul>. Pasting works anywhere in the form around it. After a file
 * that is too large the form is held back once, with data-without beside the complaint. It fires `input` as it changes.
 */
const print = (file) => `${file.name} ${file.size} ${file.lastModified}`;

customElements.define("file-drop", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.zone = this.querySelector(".dropzone") ?? this;
    this.files = [];
    this.input.addEventListener("change", () => this.add([...this.input.files]));
    this.zone.addEventListener("dragover", (event) => this.over(event));
    this.zone.addEventListener("dragleave", () => this.zone.removeAttribute("data-over"));
    this.zone.addEventListener("drop", (event) => this.dropped(event));
    const form = this.input.form;
    form?.addEventListener("paste", (event) => event.clipboardData.files.length && this.add([...event.clipboardData.files]));
    form?.addEventListener("reset", () => this.set([]));
    form?.addEventListener("submit", (event) => this.hold(event), { capture: true });
  }

  over(event) {
    event.preventDefault();
    this.zone.setAttribute("data-over", "");
  }

  dropped(event) {
    event.preventDefault();
    this.zone.removeAttribute("data-over");
    this.add([...event.dataTransfer.files]);
  }

  add(files) {
    const kept = this.input.multiple ? this.files : [];
    const known = new Set(kept.map(print));
    let room = (Number(this.dataset.limit) || Infinity) - kept.reduce((sum, file) => sum + file.size, 0);
    const [fresh, heavy] = [[], []];
    for (const file of files.filter((one) => !known.has(print(one)))) {
      (file.size <= room ? fresh : heavy).push(file);
      if (file.size <= room) room -= file.size;
    }
    this.left = heavy.map((file) => this.dataset.tooLarge.replace("{name}", file.name)).join(" ");
    this.complain(this.left);
    this.set([...kept, ...fresh]);
  }

  // Nobody writes "see the file" and finds out later that it did not go along
  hold(event) {
    if (!this.left) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.complain(`${this.left} ${this.dataset.without ?? ""}`.trim());
    this.left = "";
    this.querySelector("[role=alert]").scrollIntoView({ block: "nearest" });
  }

  set(files) {
    this.files = files;
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    this.input.files = transfer.files;
    this.querySelector("ul").replaceChildren(...files.map((file) => this.entry(file)));
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  complain(text) {
    const alert = this.querySelector("[role=alert]");
    alert.textContent = text;
    alert.hidden = !text;
  }

  entry(file) {
    const item = document.createElement("li");
    item.className = "attachment";
    const name = document.createElement("b");
    name.textContent = file.name;
    const size = document.createElement("small");
    const kilo = file.size / 1024;
    size.textContent = kilo < 1000 ? `${Math.ceil(kilo)} KB` : `${(kilo / 1024).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button--quiet button--small";
    remove.textContent = "×";
    remove.setAttribute("aria-label", this.dataset.remove.replace("{name}", file.name));
    remove.addEventListener("click", () => this.set(this.files.filter((one) => one !== file)));
    item.append(name, remove, size);
    return item;
  }
});
