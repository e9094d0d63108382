import { describe, expect, it } from 'vitest';
import { Api } from '../../../src/cli/client/api.ts';
import { parseServerUrl, readText } from '../../../src/cli/client/server.ts';

const url = new URL('http://localhost:1/');

describe('the body of an answer', () => {
	it('is read whole up to the limit', async () => {
		expect(await readText(url, new Response('h\u00e9llo'), 6)).toBe('h\u00e9llo');
		await expect(readText(url, new Response('h\u00e9llo'), 5)).rejects.toThrow('answered with more than');
		expect(await readText(url, new Response(null))).toBe('');
	});

	it('without an end is given up on', async () => {
		const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000)) });
		await expect(readText(url, new Response(endless), 1_000_000)).rejects.toThrow('answered with more than');
	});
});

describe('a path of the API', () => {
	const api = new Api({ url: url.href, api: url, deviceAuthorization: null }, null, '');

	it.each(['DELETE /sessions/', 'DELETE /users/../sessions', 'DELETE /users/x/.', 'DELETE /users//sessions'])(
		'that would become another is not requested: %s',
		async (request) => {
			await expect(api.do(request)).rejects.toThrow('is not a path of the API');
		}
	);
});

it.each([
	['immich.example.com', 'https://immich.example.com/'],
	['localhost:2283/api/', 'http://localhost:2283/'],
	['http://x/photos/api', 'http://x/photos/']
])('the address %s is %s', (typed, wanted) => {
	expect(parseServerUrl(typed).href).toBe(wanted);
});
