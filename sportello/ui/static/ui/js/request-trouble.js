/* A request failed: say so as a toast, because the page itself stays as it was. So it does where a form is refused
 * in a sentence of plain text, and not with the form and what is wrong in it.
 * <request-trouble data-offline="…" data-failed="…"><template>the toast</template></request-trouble>
 */
const LONGEST = 300;
const EVENTS = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];
const isSentence = (answer) => (answer.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");

customElements.define("request-trouble", class extends HTMLElement {
  connectedCallback() {
    this.listen = (event) => this.heard(event);
    for (const name of EVENTS) document.addEventListener(name, this.listen);
    document.addEventListener("htmx:beforeSwap", this.answered = ({ detail }) => this.refuse(detail), true);
  }

  disconnectedCallback() {
    for (const name of EVENTS) document.removeEventListener(name, this.listen);
    document.removeEventListener("htmx:beforeSwap", this.answered, true);
  }

  refuse(answer) {
    if (answer.xhr.status !== 422 || !isSentence(answer.xhr)) return;
    answer.shouldSwap = false;
    answer.isError = true;
  }

  heard(event) {
    if (event.type !== "htmx:responseError") return this.say(this.dataset.offline);
    const answer = event.detail.xhr;
    this.say(isSentence(answer) ? answer.responseText.slice(0, LONGEST) : this.dataset.failed);
  }

  // One that says so already begins anew
  say(text) {
    for (const toast of document.querySelectorAll("#toasts > [data-trouble]")) if (toast.textContent.trim() === text) toast.remove();
    const toast = this.querySelector("template").content.firstElementChild.cloneNode(true);
    toast.dataset.trouble = "";
    toast.querySelector("span").textContent = text;
    document.getElementById("toasts").append(toast);
  }
});
