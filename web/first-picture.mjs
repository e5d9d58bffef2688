// What is seen before the workbench is there: the experiment's title, what it is about, and the
// pictures of its stored first run.

// As many fit on the first screen.
export const kFirstFigures = 4;

const at = (id) => document.getElementById(id);

// The figure's picture in the colours of the theme: 'light', 'dark', or the system's.
function picture(base, id, figure, theme) {
  const url = (ending) => new URL(`experiments/${id}/${figure.name}${ending}.svg`, base).href;
  const frame = document.createElement('picture');
  if (theme !== 'light' && theme !== 'dark') {
    const source = document.createElement('source');
    source.media = '(prefers-color-scheme: dark)';
    source.srcset = url('-dark');
    frame.append(source);
  }
  const image = document.createElement('img');
  image.alt = figure.title;
  image.onload = () => performance.mark('logit-lab: picture');
  image.onerror = () => frame.remove();
  image.src = url(theme === 'dark' ? '-dark' : '');
  frame.append(image);
  return frame;
}

// Shows experiment `id`, if the manifest has it. figures: names of those to show; empty: the first few.
export function show_first_picture(base, manifest, { id, figures, theme }) {
  const card = manifest?.cards.find((entry) => entry.id === id);
  at('first-text').textContent = card?.claim ?? '';
  if (!card) return;
  at('first-title').textContent = card.title;
  const shown = figures.length > 0
    ? card.figures.filter(({ name }) => figures.includes(name))
    : card.figures.slice(0, kFirstFigures);
  at('first-pictures').replaceChildren(...shown.map((figure) => picture(base, id, figure, theme)));
}
