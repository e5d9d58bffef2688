// What the screen says, as text in the document: for screen readers.

// A reader is not told more often than this what a run is at.
const kStatusMilliseconds = 1500;

export class Mirror {
  #at;
  #status_timer = 0;
  shown = { title: '', status: '', figures: [], verdicts: '' };

  constructor(document) {
    this.#at = (name) => document.getElementById(`mirror-${name}`);
  }

  // what: {title, status, figures: [text], verdicts}
  show(what) {
    const before = this.shown;
    this.shown = what;
    if (what.title !== before.title) this.#at('title').textContent = what.title;
    if (what.verdicts !== before.verdicts) this.#at('verdicts').textContent = what.verdicts;
    if (what.figures.join('\n') !== before.figures.join('\n')) {
      this.#at('figures').replaceChildren(
        ...what.figures.map((text) => Object.assign(document.createElement('li'), { textContent: text })),
      );
    }
    if (this.#status_timer === 0) {
      this.#status_timer = setTimeout(() => {
        this.#status_timer = 0;
        if (this.#at('status').textContent !== this.shown.status) this.#at('status').textContent = this.shown.status;
      }, kStatusMilliseconds);
    }
  }
}
