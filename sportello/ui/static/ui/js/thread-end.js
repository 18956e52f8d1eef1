/* <thread-end> closes a thread: the page begins at what is new in it, or at its end, and stays there when it grows. */
customElements.define("thread-end", class extends HTMLElement {
  connectedCallback() {
    requestAnimationFrame(() => {
      const news = this.parentElement?.querySelector(".day-line--new");
      (news ?? this).scrollIntoView({ block: news ? "center" : "end" });
    });
  }
});
