/* Keeps "6m" and "6 min ago" true without asking the server: every <time data-relative="short|words"> once a minute.
 * data-short and data-words hold now, minutes, hours, days in the page's language, split by a bar, {} for the number.
 */
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

customElements.define("relative-time", class extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.refresh(), MINUTE * 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  refresh() {
    for (const time of document.querySelectorAll("time[data-relative]")) {
      const text = this.text((Date.now() - Date.parse(time.dateTime)) / 1000, time.dataset.relative);
      if (text && text !== time.textContent) time.textContent = text;
    }
  }

  text(age, style) {
    const [now, minutes, hours, days] = this.dataset[style].split("|");
    if (age < MINUTE) return now;
    if (age < HOUR) return minutes.replace("{}", Math.floor(age / MINUTE));
    if (age < DAY) return hours.replace("{}", Math.floor(age / HOUR));
    return age < 7 * DAY ? days.replace("{}", Math.floor(age / DAY)) : "";
  }
});
