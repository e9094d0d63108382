import { UAParser } from 'ua-parser-js';
import { BrowserName, OSName } from 'ua-parser-js/enums';
import { parseDevice } from './device.ts';

const browsers: ReadonlySet<string> = new Set(Object.values(BrowserName));
const systems: ReadonlySet<string> = new Set(Object.values(OSName));
const programs = new Map(
	[
		...['Apache-HttpClient', 'axios', 'curl', 'Dart', 'Go-http-client', 'HTTPie', 'immich-cli', 'immich-go'],
		...['Insomnia', 'Java', 'node', 'okhttp', 'PostmanRuntime', 'python-requests', 'rclone', 'undici', 'Wget']
	].map((name) => [name.toLowerCase(), name] as const)
);
const version = /^v?(\d{1,4}(?:\.\d{1,4}){0,3})(?![\w.])/;

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

const withVersion = (name: string, given: string): string => `${name} ${version.exec(given)?.[1] ?? ''}`.trim();
const joined = (name: string, system: string): string => (systems.has(system) ? `${name} on ${system}` : name);
