// To build Intl.Segmenter costs 10 to 30 ms, and half a dozen modules of the bundle build one while they load; to use it costs
// more at every frame. The build puts this one in its place: it does without for text in which every character stands alone.
const { Segmenter } = Intl;

/** Characters that combine with no neighbour and take one column: no mark, no emoji, no half of a pair, nothing wide. */
const alone = String.raw`\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f\u26a0\u2713-\u2718\u276f`;

/** A regular expression, as text, for text that takes as many columns as it has characters. */
export const narrow = `/^[${alone}]*$/`;

// Control characters take no column, but stand alone too; only CR and LF belong together.
const single = new RegExp(String.raw`^[\0-\x0c\x0e-\x1f\x7f-\xa0\xad${alone}]*$`);

class Characters {
  #input;

  constructor(input) {
    this.#input = input;
  }

  containing(index = 0) {
    const at = Math.trunc(index) || 0;
    return at >= 0 && at < this.#input.length ? this.#at(at) : undefined;
  }

  *[Symbol.iterator]() {
    for (let at = 0; at < this.#input.length; at++) yield this.#at(at);
  }

  #at(index) {
    return { segment: this.#input[index], index, input: this.#input };
  }
}

/** Intl.Segmenter, made when it is first needed. */
export class LazySegmenter {
  #locales;
  #options;
  #made;

  constructor(locales, options) {
    this.#locales = locales;
    this.#options = options;
  }

  segment(text) {
    const granularity = this.#options?.granularity ?? 'grapheme';
    if (granularity === 'grapheme' && single.test(text)) return new Characters(text);
    this.#made ??= new Segmenter(this.#locales, this.#options);
    return this.#made.segment(text);
  }
}
