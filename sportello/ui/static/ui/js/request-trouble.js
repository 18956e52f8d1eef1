/* A request failed: say so as a toast, because the page itself stays as it was.
 * <request-trouble data-offline="…" data-failed="…"><template>the toast</template></request-trouble>
 */
const LONGEST = 300;

customElements.define("request-trouble", class extends HTMLElement {
  connectedCallback() {
    this.listen = (event) => this.heard(event);
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, this.listen);
  }

  disconnectedCallback() {
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.removeEventListener(name, this.listen);
  }

  heard(event) {
    if (event.type !== "htmx:responseError") return this.say(this.dataset.offline);
    const answer = event.detail.xhr;
    const plain = (answer.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
    this.say(plain ? answer.responseText.slice(0, LONGEST) : this.dataset.failed);
  }

  say(text) {
    const toast = this.querySelector("template").content.firstElementChild.cloneNode(true);
    toast.querySelector("span").textContent = text;
    document.getElementById("toasts").append(toast);
  }
});
