import { describe, expect, it } from 'vitest';
import { parseKnownClient } from '#lib/server/platform/caller/client-info.ts';

const parse = (headers: Record<string, string>) => parseKnownClient(new Headers(headers));
const mozilla = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

describe('parseKnownClient', () => {
	it.each([
		['Firefox on Linux', { 'user-agent': mozilla }],
		[
			'Chrome on Windows',
			{ 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36' }
		],
		['curl 8.5.0', { 'user-agent': 'curl/8.5.0' }],
		['Immich app 3.2.2 on iOS', { 'user-agent': 'immich-ios/3.2.2', devicetype: 'iOS', devicemodel: 'iPhone' }],
		['Immich app 3.2.2', { 'user-agent': 'Immich_Android_3.2.2' }]
	])('%s', (name, headers) => {
		expect(parse(headers)).toBe(name);
	});

	it.each([
		[null, { 'user-agent': 'Your-account-is-locked/1.0 (call 555-0100)' }],
		[null, { 'user-agent': 'Call 555-0100 now/1.0 (X11; Linux)' }],
		[null, { devicemodel: 'Call 555-0100', devicetype: 'now' }],
		[null, {}],
		['curl 8.5.0', { 'user-agent': 'curl/8.5.0-call.555.0100' }],
		['curl', { 'user-agent': `curl/${'9'.repeat(500)}` }],
		['Immich app', { 'user-agent': 'immich-ios/please call 555-0100', devicetype: 'your bank' }],
		['Immich app', { 'user-agent': 'immich-android/1.2.3.call-555', devicetype: 'Visit evil.example' }],
		['Firefox', { 'user-agent': 'Mozilla/5.0 (call 555-0100) Gecko/20100101 Firefox/128.0' }]
	])('returns %s, and nothing that was sent, for %j', (name, headers) => {
		expect(parse(headers)).toBe(name);
	});

	it('is short for any input', () => {
		for (const filler of ['A', 'Firefox/1 ', 'immich-ios/', '1.'])
			expect((parse({ 'user-agent': filler.repeat(5_000) }) ?? '').length).toBeLessThan(60);
	});
});
