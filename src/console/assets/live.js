// Refreshes the parts of a page that are marked with data-live while the page is visible: the page
// is fetched again, and each part takes the content of the part with its id. Without this script
// the page is as it was when it was opened. A button, which is hidden elsewhere, stops and resumes it.
const EVERY_MS = 3_000;
const STOPPED = 'aria-pressed';
const stop = document.querySelector('[data-live-stop]');

if (document.querySelector('[data-live]') !== null) {
  setInterval(refresh, EVERY_MS);
  stop?.removeAttribute('hidden');
  stop?.addEventListener('click', () => stop.setAttribute(STOPPED, String(!isStopped())));
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
      // A part in which the keyboard stands is left alone, so that the focus does not jump.
      if (now !== null && !part.contains(document.activeElement) && now.innerHTML !== part.innerHTML)
        part.replaceChildren(...now.childNodes);
    }
  } catch {
    // The service cannot be reached now; the next attempt follows.
  }
}
