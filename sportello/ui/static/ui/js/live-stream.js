/* What changed on the server? One stream a page, told on as DOM events.
 *
 * <live-stream src="/live/"> reads messages whose data is JSON with a "topic" such as "ticket:7". For each it
 * dispatches `live:ticket` on the document, with the data as detail, and `live`, for htmx, on every element
 * whose data-live lists the topic: <section id="thread" data-live="ticket:7" hx-get="…" hx-trigger="live">.
 * After a gap in the stream all of them are refreshed, because nobody knows what was missed. What somebody is using
 * (a menu that is open, a field with the cursor in it, a form on its way) is left alone until they are done, also
 * where the news was on its way when they began.
 */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const IN_USE = "menu-button > details[open], input:focus, textarea:focus, select:focus, form.htmx-request";

customElements.define("live-stream", class extends HTMLElement {
  connectedCallback() {
    this.wait = FIRST_WAIT;
    this.missed = false;
    this.open();
    this.leave = () => this.close();
    addEventListener("pagehide", this.leave);
    addEventListener("pageshow", this.back = (event) => event.persisted && this.open());
    document.addEventListener("htmx:beforeSwap", this.answered = ({ detail }) => this.hold(detail), true);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.leave);
    removeEventListener("pageshow", this.back);
    document.removeEventListener("htmx:beforeSwap", this.answered, true);
    this.close();
  }

  open() {
    this.close();
    this.source = new EventSource(this.getAttribute("src"));
    this.source.onopen = () => this.opened();
    this.source.onmessage = (message) => this.tell(JSON.parse(message.data));
    this.source.onerror = () => this.failed();
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
  }

  opened() {
    this.wait = FIRST_WAIT;
    document.documentElement.removeAttribute("data-offline");
    if (this.missed) this.refresh(document.querySelectorAll("[data-live]"));
    this.missed = false;
  }

  failed() {
    this.missed = true;
    document.documentElement.setAttribute("data-offline", "");
    if (this.source.readyState !== EventSource.CLOSED) return;
    this.timer = setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  tell(news) {
    const kind = news.topic.split(":")[0];
    document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail: news }));
    this.refresh(document.querySelectorAll(`[data-live~="${CSS.escape(news.topic)}"]`));
  }

  refresh(elements) {
    for (const element of elements) {
      if (element.querySelector(IN_USE)) this.later(element);
      else element.dispatchEvent(new CustomEvent("live")); // not heard by what is around it
    }
  }

  hold(answer) {
    const { elt: element, triggeringEvent } = answer.requestConfig;
    if (triggeringEvent?.type !== "live" || !element.querySelector(IN_USE)) return;
    answer.shouldSwap = false;
    this.later(element);
  }

  later(element) {
    if (element.dataset.waits) return;
    element.dataset.waits = "";
    const done = () => setTimeout(() => {
      if (element.querySelector(IN_USE)) return;
      element.removeEventListener("focusout", done);
      element.removeEventListener("htmx:afterRequest", done);
      element.removeEventListener("toggle", done, true);
      delete element.dataset.waits;
      this.refresh([element]);
    });
    element.addEventListener("focusout", done);
    element.addEventListener("htmx:afterRequest", done);
    element.addEventListener("toggle", done, true);
  }
});
