/* <thread-end> closes a thread: the page begins at what is new in it, or at its end. Where the newest message does not fit
 * into the pane, it begins where that message does. Who reads at the end stays there when the thread grows or the
 * composer takes of its room; who reads further up is not moved.
 */
const NEAR = 120;

customElements.define("thread-end", class extends HTMLElement {
  connectedCallback() {
    this.pane = this.closest(".pane__body");
    this.pane.addEventListener("scroll", this.scrolled = () => this.look(), { passive: true });
    this.observer = new MutationObserver(() => this.atEnd && this.go("end"));
    this.room = new ResizeObserver(() => this.atEnd && this.go("end"));
    requestAnimationFrame(() => this.begin());
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.room.disconnect();
    this.pane.removeEventListener("scroll", this.scrolled);
  }

  begin() {
    const news = this.parentElement?.querySelector(".day-line--new");
    if (location.hash.startsWith("#message-")) return this.watch();
    if (news) news.scrollIntoView({ block: "center" });
    else this.go("end");
    const newest = [...this.parentElement.querySelectorAll(".message")].at(-1);
    if (!news && newest && newest.getBoundingClientRect().top < this.pane.getBoundingClientRect().top) newest.scrollIntoView({ block: "start" });
    this.watch();
  }

  watch() {
    this.look();
    this.observer.observe(this.parentElement, { childList: true });
    this.room.observe(this.pane);
  }

  look() {
    this.atEnd = this.pane.scrollHeight - this.pane.scrollTop - this.pane.clientHeight < NEAR;
  }

  go(block) {
    this.scrollIntoView({ block });
  }
});
