// Starts the machine's Chromium the way every browser test needs it: headless, loopback only, no first-run pages.
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../scripts/lib/system';

export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error(
      'No Chromium was found: install it (apt-get install chromium) or set CHROMIUM.',
    );
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
