import { networkInterfaces } from 'node:os';
import { findChromium } from '../../../scripts/browser.mjs';

/** A name that resolves to this machine, but unlike localhost is not trusted by browsers over plain http. */
const untrustedName = 'photos.test';

/** Starts Chromium so that it connects only to the server under test. */
export function browserOptions() {
	const executablePath = findChromium();
	return {
		launchOptions: {
			...(executablePath === undefined ? {} : { executablePath }),
			args: [
				'--no-sandbox',
				'--disable-gpu',
				// The tests need neither a GPU process nor a software GPU.
				'--in-process-gpu',
				'--disable-software-rasterizer',
				'--disable-quic',
				'--no-first-run',
				'--no-proxy-server',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
				// Pages are left long before optimized code would have paid off.
				'--js-flags=--no-opt --no-maglev',
				`--host-resolver-rules=MAP ${untrustedName} 127.0.0.1`
			]
		}
	};
}

/** Returns the host under which others in the network reach this machine over plain http. */
export function findPlainHttpHost(): string {
	const addresses = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? []);
	return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? untrustedName;
}
