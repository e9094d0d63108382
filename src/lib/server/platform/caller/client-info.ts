import { isIP } from 'node:net';
import { parseCookie } from 'cookie';
import { LRUCache } from 'lru-cache';
import { UAParser } from 'ua-parser-js';
import { BrowserName, OSName } from 'ua-parser-js/enums';

/** Client info of a request; for session rows, logs and the audit log. */
export interface ClientInfo {
	readonly address: string;
	/** The secret of a browser used for an earlier sign-in; null if none is sent. */
	readonly browser: string | null;
	/** Aborted when the client disconnects before the response; created when it is first read. */
	readonly disconnectSignal?: AbortSignal | undefined;
	/** Computed lazily; most requests never need it. */
	readonly device: Device;
	/** The client program, as far as it identifies itself; also lazy. */
	readonly client: string | null;
	/** Like `client`, but only known names, for messages to users. */
	readonly knownClient: string | null;
	/** Identifies the request in responses and logs. */
	readonly correlationId: string;
}

/** Holds a browser's secret, by which sign-ins distinguish it from password guessers. */
export const browserCookie = 'immich_auth_browser';
const browserSecret = /^[\w-]{43}$/;

function readBrowserSecret(headers: Headers): string | null {
	const secret = parseCookie(headers.get('cookie') ?? '')[browserCookie];
	return secret !== undefined && browserSecret.test(secret) ? secret : null;
}

/** Returns the client info of a request or websocket handshake. */
export const createClientInfo = (
	headers: Headers,
	address: string,
	correlationId: string,
	getDisconnectSignal?: () => AbortSignal
): ClientInfo => ({
	address,
	correlationId,
	get disconnectSignal() {
		return getDisconnectSignal?.();
	},
	get browser() {
		return readBrowserSecret(headers);
	},
	get device() {
		return parseDevice(headers);
	},
	get client() {
		return parseClient(headers);
	},
	get knownClient() {
		return parseKnownClient(headers);
	}
});

/** Returns the part of the client info that is recorded. A proxy may send an invalid address, which is omitted. */
export function toRecordedClientInfo({
	address,
	client,
	correlationId
}: ClientInfo): Pick<ClientInfo, 'client' | 'correlationId'> & { readonly address: string | null } {
	const [unzoned = ''] = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%');
	return { address: isIP(unzoned) === 0 ? null : unzoned, client, correlationId };
}

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
const parsedDevices = new LRUCache<string, Device>({ max: 1_000 });

/**
 * Derives the device from the request's headers, with Immich's parser and names.
 * Source: docs/wire-reference/credentials.md#device-and-app-version.
 */
export function parseDevice(headers: Headers): Device {
	const userAgent = headers.get('user-agent')?.slice(0, 512) ?? '';
	const model = headers.get('devicemodel')?.slice(0, longestName) ?? '';
	const type = headers.get('devicetype')?.slice(0, longestName) ?? '';
	const key = JSON.stringify([userAgent, model, type]);
	const device = parsedDevices.get(key) ?? parseUncached(userAgent, model, type);
	parsedDevices.set(key, device);
	return device;
}

function parseUncached(userAgent: string, model: string, type: string): Device {
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

const browsers: ReadonlySet<string> = new Set(Object.values(BrowserName));
const systems: ReadonlySet<string> = new Set(Object.values(OSName));
const programs = new Map(
	[
		...['Apache-HttpClient', 'axios', 'curl', 'Dart', 'Go-http-client', 'HTTPie', 'immich-auth', 'immich-cli'],
		...[
			'immich-go',
			'Insomnia',
			'Java',
			'node',
			'okhttp',
			'PostmanRuntime',
			'python-requests',
			'rclone',
			'undici',
			'Wget'
		]
	].map((name) => [name.toLowerCase(), name] as const)
);
const versionPattern = /^v?(\d{1,4}(?:\.\d{1,4}){0,3})(?![\w.])/;

/** Returns the client's name from a fixed list, so that no one can inject text into messages to users; null if unknown. */
export function parseKnownClient(headers: Headers): string | null {
	const { appVersion } = parseDevice(headers);
	if (appVersion !== null) return joined(withVersion('Immich app', appVersion), headers.get('devicetype') ?? '');
	const userAgent = headers.get('user-agent')?.slice(0, 512) ?? '';
	const [, product = '', rest = ''] = /^([\w.+-]{1,60})(?:\/(.*))?/s.exec(userAgent) ?? [];
	const program = programs.get(product.toLowerCase());
	if (program !== undefined) return withVersion(program, rest);
	if (userAgent === '') return null;
	const { browser, os } = UAParser(userAgent);
	return browser.name !== undefined && browsers.has(browser.name) ? joined(browser.name, os.name ?? '') : null;
}

const withVersion = (name: string, given: string): string => `${name} ${versionPattern.exec(given)?.[1] ?? ''}`.trim();
const joined = (name: string, system: string): string => (systems.has(system) ? `${name} on ${system}` : name);
