import { LRUCache } from 'lru-cache';
import { UAParser } from 'ua-parser-js';

/** What a request reveals about its device. */
export interface Device {
	readonly deviceType: string;
	readonly deviceOS: string;
	readonly appVersion: string | null;
}

const longestName = 100;
const appPattern = /^immich-(?:android|ios|unknown)\/(.+)$/;
const legacyAppPattern = /^Immich_(?:Android|iOS|Unknown)_(.+)$/;

/** A device sends the same headers with each request, and parsing them is the slowest part of identifying the caller. */
const known = new LRUCache<string, Device>({ max: 1_000 });

/**
 * Derives the device from the request's headers, with Immich's parser and names.
 * Source: docs/wire-reference/credentials.md#device-and-app-version.
 */
export function parseDevice(headers: Headers): Device {
	const userAgent = headers.get('user-agent')?.slice(0, 512) ?? '';
	const model = headers.get('devicemodel')?.slice(0, longestName) ?? '';
	const type = headers.get('devicetype')?.slice(0, longestName) ?? '';
	const key = JSON.stringify([userAgent, model, type]);
	const device = known.get(key) ?? parse(userAgent, model, type);
	known.set(key, device);
	return device;
}

function parse(userAgent: string, model: string, type: string): Device {
	const appVersion = appPattern.exec(userAgent)?.[1] ?? legacyAppPattern.exec(userAgent)?.[1] ?? null;
	const { browser, device, os } = UAParser(userAgent);
	return {
		deviceType: (browser.name || device.type || model).slice(0, longestName),
		deviceOS: (os.name || type).slice(0, longestName),
		appVersion: appVersion?.slice(0, longestName) ?? null
	};
}

/** Returns the program that sent a request: ‘Immich app 3.2.2’, ‘Firefox on Linux’, ‘curl 8.5.0’; null if unknown. */
export function parseProgram(userAgent: string): string | null {
	const { deviceType, deviceOS, appVersion } = parseDevice(new Headers({ 'user-agent': userAgent }));
	if (appVersion !== null) return `Immich app ${appVersion}`;
	const [, product = '', version = ''] = /^([\w.+-]{1,60})(?:\/([\w.+-]{1,40}))?/.exec(userAgent) ?? [];
	// Browsers all start with Mozilla; other programs start with their own name.
	if (product !== '' && product !== 'Mozilla') return `${product} ${version}`.trim();
	return [deviceType, deviceOS].filter(Boolean).join(' on ') || null;
}

/** Returns the client as described by all its headers: ‘Immich app 3.2.2 on iOS’, ‘Firefox on Linux’, ‘curl 8.5.0’. */
export function parseClient(headers: Headers): string | null {
	const { deviceType, deviceOS, appVersion } = parseDevice(headers);
	const program = appVersion === null ? deviceType : `Immich app ${appVersion}`;
	return [program, deviceOS].filter(Boolean).join(' on ') || parseProgram(headers.get('user-agent') ?? '');
}
