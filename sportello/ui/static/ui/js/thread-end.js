/* <thread-end> closes a thread: the page begins at what is new in it, or at its end. Where the newest message does not fit
 * into the pane, it begins where that message does. Who reads at the end stays there when the thread grows or the
 * composer takes of its room; who reads further up is not moved, but told: the button in it counts what arrived below,
 * its data-one, data-few, data-other hold the sentence with any number in it, and it leads there. What the customer's
 * side writes while one looks is marked as new; while the page is hidden, its title counts it too.
 */
const NEAR = 120;
const THEIRS = ".message:not(.message--agent, .message--note)";

customElements.define("thread-end", class extends HTMLElement {
  connectedCallback() {
    this.pane = this.closest(".pane__body");
    this.button = this.querySelector("button");
    this.below = [];
    this.unseen = 0;
    this.pane.addEventListener("scroll", this.scrolled = () => this.look(), { passive: true });
    document.addEventListener("visibilitychange", this.shown = () => document.hidden || this.name(0));
    this.button?.addEventListener("click", () => this.readOn());
    this.observer = new MutationObserver((changes) => this.grown(changes));
    this.room = new ResizeObserver(() => this.atEnd && this.go());
    requestAnimationFrame(() => this.begin());
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.room.disconnect();
    this.pane.removeEventListener("scroll", this.scrolled);
    document.removeEventListener("visibilitychange", this.shown);
  }

  get messages() {
    return [...this.parentElement.querySelectorAll(".message")];
  }

  begin() {
    const news = this.parentElement?.querySelector(".day-line--new");
    if (location.hash.startsWith("#message-")) return this.watch();
    if (news) news.scrollIntoView({ block: "center" });
    else this.go();
    const newest = this.messages.at(-1);
    if (!news && newest && newest.getBoundingClientRect().top < this.pane.getBoundingClientRect().top) newest.scrollIntoView({ block: "start" });
    this.watch();
  }

  watch() {
    this.look();
    this.observer.observe(this.parentElement, { childList: true });
    this.room.observe(this.pane);
  }

  grown(changes) {
    const came = new Set(changes.flatMap((change) => [...change.addedNodes]));
    const from = this.messages.findLastIndex((one) => !came.has(one));
    const news = this.messages.slice(from + 1).filter((one) => came.has(one) && one.matches(THEIRS));
    for (const one of news) one.classList.add("message--new");
    if (document.hidden && news.length) this.name(this.unseen + news.length);
    if (this.atEnd) return this.go();
    this.below.push(...news);
    this.tell();
  }

  name(unseen) {
    document.title = `${unseen ? `(${unseen}) ` : ""}${document.title.replace(this.unseen ? /^\(\d+\) / : "", "")}`;
    this.unseen = unseen;
  }

  tell() {
    if (!this.button) return;
    const form = new Intl.PluralRules(document.documentElement.lang).select(this.below.length);
    this.button.lastChild.textContent = (this.button.dataset[form] ?? this.button.dataset.other).replace(/\d+/, this.below.length);
    this.button.hidden = !this.below.length;
  }

  readOn() {
    this.below[0]?.scrollIntoView({ block: "start" });
    this.below = [];
    this.tell();
    this.pane.focus({ preventScroll: true });
  }

  look() {
    this.atEnd = this.pane.scrollHeight - this.pane.scrollTop - this.pane.clientHeight < NEAR;
    if (!this.atEnd || !this.below.length) return;
    this.below = [];
    this.tell();
  }

  go() {
    this.pane.scrollTop = this.pane.scrollHeight;
  }
});
