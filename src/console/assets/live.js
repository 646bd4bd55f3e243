// Refreshes the parts of a page that are marked with data-live while the page is visible: the page
// is fetched again, and each part takes the content of the part with its id. A part that will not
// change any more loses the mark; when none has it, nothing is fetched. The buttons of the page
// follow. Without this script the page is as it was when it was opened. A button, which is hidden
// elsewhere, stops and resumes it.
const EVERY_MS = 3_000;
const STOPPED = 'aria-pressed';
const stop = document.querySelector('[data-live-stop]');

if (isLive()) {
  const timer = setInterval(async () => {
    await refresh();
    if (isLive()) return;
    clearInterval(timer);
    stop?.setAttribute('hidden', '');
  }, EVERY_MS);
  stop?.removeAttribute('hidden');
  stop?.addEventListener('click', () => stop.setAttribute(STOPPED, String(!isStopped())));
}

function isLive() {
  return document.querySelector('[data-live]') !== null;
}

function isStopped() {
  return stop?.getAttribute(STOPPED) === 'true';
}

async function refresh() {
  if (document.hidden || isStopped()) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-live]')) {
      const now = fresh.getElementById(part.id);
      if (now === null) continue;
      if (replaceContent(part, now) && !now.hasAttribute('data-live')) part.removeAttribute('data-live');
    }
    const actions = document.getElementById('actions');
    const offered = fresh.getElementById('actions');
    if (actions !== null && offered !== null) replaceContent(actions, offered);
    else if (actions?.contains(document.activeElement) === false) actions.remove();
  } catch {
    // The service cannot be reached now; the next attempt follows.
  }
}

// A part in which the keyboard stands is left alone, so that the focus does not jump. Returns
// whether the part has the new content.
function replaceContent(part, now) {
  if (now.innerHTML === part.innerHTML) return true;
  if (part.contains(document.activeElement)) return false;
  part.replaceChildren(...now.childNodes);
  return true;
}
