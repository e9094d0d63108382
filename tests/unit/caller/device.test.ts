import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceName } from '#lib/contract/sessions/device.ts';
import { parseClient, parseDevice } from '#lib/server/platform/caller/client-info.ts';

const device = (headers: Record<string, string>) => parseDevice(new Headers(headers));
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const headerText = fc
	.string({ unit: 'binary', maxLength: 2_000 })
	.map((text) => text.replace(/[^\u0020-\u007e\u0080-\u00ff]/g, ''));

describe('parseDevice', () => {
	it.each([
		['immich-android/1.140.0', '1.140.0'],
		['immich-ios/2', '2'],
		['immich-unknown/x', 'x'],
		['Immich_Android_1.94.1', '1.94.1'],
		['Immich_iOS_1.94.1', '1.94.1'],
		['Immich_Unknown_1', '1'],
		['Immich-Android/1', null],
		['my immich-android/1', null],
		['immich-android/', null],
		['immich-web/1', null],
		[chrome, null],
		['', null]
	])('reads from %j the app version %j', (agent, appVersion) => {
		expect(device({ 'user-agent': agent })).toMatchObject({ appVersion });
	});

	it('names browser and system of a browser', () => {
		expect(device({ 'user-agent': chrome })).toEqual({ deviceType: 'Chrome', deviceOS: 'Linux', appVersion: null });
	});

	it.each([
		[
			'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
			'Edge',
			'Windows'
		],
		[
			'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
			'Mobile Safari',
			'iOS'
		],
		[
			'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
			'Mobile Chrome',
			'Android'
		],
		[
			'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
			'Safari',
			'macOS'
		],
		['immich-android/3.2.2', '', 'android'],
		['curl/8.5.0', '', '']
	])('names %s as Immich does', (agent, deviceType, deviceOS) => {
		expect(device({ 'user-agent': agent })).toMatchObject({ deviceType, deviceOS });
	});

	it('uses the app’s device name if the user agent has none', () => {
		const headers = { devicemodel: 'Pixel 9', devicetype: 'Android' };
		for (const agent of ['immich-android/1.140.0', 'immich-ios/2.0', ''])
			expect(device({ ...headers, 'user-agent': agent })).toMatchObject({ deviceType: 'Pixel 9' });
		expect(device(headers)).toEqual({ deviceType: 'Pixel 9', deviceOS: 'Android', appVersion: null });
	});

	it('is empty for a request without device information', () => {
		expect(device({})).toEqual({ deviceType: '', deviceOS: '', appVersion: null });
	});

	it('never throws, and never stores a long text', () => {
		fc.assert(
			fc.property(headerText, headerText, headerText, (agent, devicemodel, devicetype) => {
				const { deviceType, deviceOS, appVersion } = device({ 'user-agent': agent, devicemodel, devicetype });
				for (const text of [deviceType, deviceOS, appVersion ?? '']) expect(text.length).toBeLessThanOrEqual(100);
			})
		);
	});
});

describe('parseClient', () => {
	it.each([
		[{ 'user-agent': chrome }, 'Chrome on Linux'],
		[{ 'user-agent': 'immich-ios/3.2.2', devicetype: 'iOS' }, 'Immich app 3.2.2 on iOS'],
		[{ 'user-agent': 'curl/8.5.0' }, 'curl 8.5.0'],
		[{}, null]
	])('maps %j to %j', (headers, client) => {
		expect(parseClient(new Headers(Object.entries(headers)))).toBe(client);
	});
});

describe('deviceName', () => {
	it.each([
		[{ deviceType: 'Firefox', deviceOS: 'Linux', appVersion: null }, 'Firefox on Linux'],
		[
			{ deviceType: 'Samsung Internet for Android', deviceOS: 'Android', appVersion: null },
			'Samsung Internet for Android'
		],
		[{ deviceType: 'Firefox', deviceOS: '', appVersion: null }, 'Firefox'],
		[{ deviceType: '', deviceOS: 'iOS', appVersion: '3.2.2' }, 'Immich app 3.2.2 on iOS'],
		[{ deviceType: '', deviceOS: '', appVersion: null }, 'Unknown device']
	])('maps %j to %j', (device, name) => {
		expect(deviceName(device)).toBe(name);
	});
});
