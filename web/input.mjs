// The person's input on its way to SDL, which listens on the canvas itself. What must not get there
// is held back on the way down to it: keys and wheels that belong to the browser or to the page
// around. What SDL cannot know is told to the module: focus, size, pasted text, a soft keyboard.

// With the control key (the command key on a Mac) these are the workbench's own.
const kShortcuts = new Set(['a', 'c', 'x', 'y', 'z']);
// Most that a dropped file may have.
const kMostFileBytes = 256 << 20;

// elements: {stage, canvas, letters, file}. page: see start.mjs; wake: draws soon.
export function bridge_input({ stage, canvas, letters, file }, { page, wake, embedded }) {
  const active = () => document.activeElement === canvas || document.activeElement === letters;
  const hold_back = (event) => event.stopPropagation();
  const listen = (type, listener) =>
    stage.addEventListener(type, listener, { capture: true, passive: false });

  // --- keys
  const on_key = (event) => {
    if (event.target !== canvas) return;
    wake();
    const control = (event.ctrlKey || event.metaKey) && !event.getModifierState('AltGraph');
    const letter = event.key.toLowerCase();
    if (event.key === 'Tab' || /^F\d+$/.test(event.key) || (event.altKey && !event.getModifierState('AltGraph'))) {
      hold_back(event);  // the next element; the browser's own
    } else if (control && event.key.length === 1) {
      if (!kShortcuts.has(letter)) {
        hold_back(event);  // Ctrl+V among them: it comes as a `paste` event
      } else if (event.metaKey) {
        hold_back(event);
        event.preventDefault();
        if (event.type === 'keydown') page.shortcut(letter, event.shiftKey);
      }
    }
  };
  listen('keydown', on_key);
  listen('keyup', on_key);
  document.addEventListener('paste', (event) => {
    if (document.activeElement !== canvas) return;
    event.preventDefault();
    page.paste(event.clipboardData.getData('text/plain'));
    wake();
  });

  // --- focus
  canvas.addEventListener('focus', () => {
    page.focus(true);
    wake();
  });
  canvas.addEventListener('blur', (event) => {
    if (event.relatedTarget === letters) return;
    page.focus(false);
    wake();
  });

  // --- wheel, mouse and fingers
  listen('wheel', (event) => {
    wake();
    if (event.ctrlKey || (embedded && !active())) hold_back(event);  // zooms, or scrolls, the page
  });
  for (const type of ['touchstart', 'touchmove', 'touchend', 'touchcancel']) {
    listen(type, (event) => {
      wake();
      if (event.target !== canvas) return;
      if (embedded && !active()) {
        hold_back(event);  // scrolls the page; a tap comes as a click of the mouse, and activates
      } else if (type === 'touchstart' && !active()) {
        canvas.focus({ preventScroll: true });
      }
    });
  }
  for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointerleave']) {
    listen(type, () => wake());
  }
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());

  // --- a soft keyboard types into an element that is not seen; a space is always before its end,
  // so that deleting says something
  const kRest = ' ';
  stage.addEventListener('touchend', () => {
    // The keyboard opens only while the event is being handled, and whether a text field was
    // touched is known after the frames in which the finger went down and up.
    page.settle();
    if (page.wants_text()) {
      letters.value = kRest;
      letters.focus({ preventScroll: true });
    } else if (document.activeElement === letters) {
      canvas.focus({ preventScroll: true });
    }
  });
  const take_letters = () => {
    if (letters.value.length > kRest.length) page.text(letters.value.slice(kRest.length));
    if (letters.value.length < kRest.length) page.key('backspace');
    letters.value = kRest;
    wake();
  };
  letters.addEventListener('input', (event) => {
    if (!event.isComposing) take_letters();
  });
  letters.addEventListener('compositionend', take_letters);
  letters.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) {
      page.key('enter');
      canvas.focus({ preventScroll: true });
      wake();
    }
  });

  // --- files
  async function take_files(files) {
    for (const dropped of files) {
      if (dropped.size > kMostFileBytes) {
        page.tell(`${dropped.name} is too large: at most ${kMostFileBytes >> 20} MiB`);
      } else {
        page.drop(dropped.name, new Uint8Array(await dropped.arrayBuffer()));
      }
    }
    wake();
  }
  stage.addEventListener('dragover', (event) => event.preventDefault());
  stage.addEventListener('drop', (event) => {
    event.preventDefault();
    take_files(event.dataTransfer.files);
  });
  file.addEventListener('change', () => {
    take_files(file.files);
    file.value = '';
  });

  // --- size: of the element, and the density of the screen that it is on
  const resize = () => {
    const { width, height } = stage.getBoundingClientRect();
    if (width < 1 || height < 1) return;
    page.resize(Math.round(width), Math.round(height));
    wake();
  };
  new ResizeObserver(resize).observe(stage);
  const watch_density = () => {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        resize();
        watch_density();
      },
      { once: true },
    );
  };
  watch_density();
}
