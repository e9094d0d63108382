import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { createSender, type Reply, type Send } from '#tests/support/http.ts';
import { documentedLines, startNginx, type Nginx } from '#tests/support/nginx.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { filesIn } from '#tests/support/source-files.ts';

const api = useApi({ env: { IMMICH_TRUSTED_PROXIES: '127.0.0.0/8' } });
const html = { accept: 'text/html' };
let nginx: Nginx;
let direct: Send;
const close: (() => void)[] = [];

const senderTo = (url: string): Send => {
	const sender = createSender(url);
	close.push(sender.close);
	return sender.send;
};
const getHost = ({ url }: { url: string }) => new URL(url).host;

beforeAll(async () => {
	nginx = await startNginx(api.url, await documentedLines());
	direct = senderTo(api.url);
});
afterAll(async () => {
	for (const end of close) end();
	await nginx.stop();
});

/** Returns every page of the source, with existing IDs. */
async function makePages() {
	const { user, token } = await api.accounts.signInAdmin();
	const cookie = buildCookie(token);
	const made = await api.request('POST', '/api/api-keys', { token, body: { name: 'A', permissions: ['all'] } });
	const drafted = await api.request('POST', '/api/admin/user-batches', {
		token,
		body: { kind: 'requireChange', ids: [(await api.accounts.makeUser()).id] }
	});
	const keyId = (made.body as { apiKey: { id: string } }).apiKey.id;
	const batchId = (drafted.body as { id: string }).id;
	const sharing = new Sharing(api.prisma);
	const partnerId = await sharing.makeUser();
	await sharing.makePartner(user.id, partnerId);
	const photoId = await sharing.makePhoto(user.id);
	const albumId = await sharing.makeAlbum(
		[
			[user.id, 'owner'],
			[partnerId, 'viewer']
		],
		[photoId]
	);
	const slug = `slug-${albumId}`;
	const link = await sharing.makeLink(user.id, { albumId, slug });
	const files = filesIn('src/routes', /\+page\.svelte$/);
	const pages = files.map((file) =>
		(file.replace(/^src\/routes|\/\+page\.svelte$|\/\([^)]+\)/g, '') || '/')
			.replace('batches/[id=uuid]', `batches/${batchId}`)
			.replace('account/api-keys/[id=uuid]', `account/api-keys/${keyId}`)
			.replace('account/shared-links/[id=uuid]', `account/shared-links/${link.id}`)
			.replace('albums/[id=uuid]', `albums/${albumId}`)
			.replace('photos/[id=uuid]', `photos/${photoId}`)
			.replace('[albumId=uuid]', albumId)
			.replace('[assetId=uuid]', photoId)
			.replace('[partnerId=uuid]', partnerId)
			.replace('[linkId=uuid]', link.id)
			.replace('[key]', link.key)
			.replace('[slug]', slug)
			.replace('[keyId=uuid]', keyId)
			.replace('[id=uuid]', user.id)
			.replace('[group]', 'oauth')
			.replace('[operation]', 'login')
	);
	return { pages, cookie, email: user.email };
}

const headerBytes = ({ headers }: Reply): number =>
	Object.entries(headers)
		.flatMap(([name, value = []]) => [value].flat().map((text) => `${name}: ${text}\r\n`.length))
		.reduce((sum, bytes) => sum + bytes, 0);

describe('behind nginx with default settings', () => {
	it('serves every page with less than 2 kB of headers', async () => {
		const { pages, cookie } = await makePages();
		expect(pages.length).toBeGreaterThan(35);
		const through = senderTo(nginx.url);
		const trouble: unknown[] = [];
		for (const page of pages) {
			const headers = { ...html, host: getHost(nginx) };
			const wanted = await direct('GET', page, { cookie, headers });
			const reply = await through('GET', page, { cookie, headers });
			// Only the page that removes a provider returns 404, since no provider exists.
			const expected = page.endsWith('/remove') && page.includes('oauth') ? [404] : [200, 303];
			if (reply.status !== wanted.status || !expected.includes(reply.status))
				trouble.push([page, wanted.status, reply.status]);
			if (headerBytes(wanted) >= 2_000) trouble.push([page, headerBytes(wanted), 'bytes']);
			if (wanted.status === 200 && !wanted.text.includes('rel="modulepreload"')) trouble.push([page, 'no preload']);
		}
		expect(trouble).toEqual([]);
	});

	it('redirects to the sign-in page from any URL, however long', async () => {
		const through = senderTo(nginx.url);
		for (const query of ['', `?q=${'x'.repeat(900)}`, `?q=${'x'.repeat(6_000)}`, `?q=${'%20'.repeat(2_000)}`]) {
			const reply = await through('GET', `/admin/users${query}`, { headers: html });
			expect(reply.status).toBe(303);
			expect(headerBytes(reply)).toBeLessThan(2_000);
			expect(reply.headers.location).toMatch(/^\/auth\/login\?continue=%2Fadmin%2Fusers/);
		}
	});

	it('accepts the sign-in form on its own port with the documented lines, and redirects', async () => {
		const { email } = await api.accounts.makeAdmin();
		const reply = await senderTo(nginx.url)('POST', '/auth/login?continue=/admin/users', {
			form: { email, password },
			headers: { ...html, host: getHost(nginx), origin: nginx.url }
		});
		expect([reply.status, reply.headers.location]).toEqual([303, '/admin/users']);
		expect(headerBytes(reply)).toBeLessThan(2_000);
	});

	it('explains the problem if the lines drop the port', async () => {
		const lines = (await documentedLines()).replaceAll('$http_host', '$host');
		const portless = await startNginx(api.url, lines);
		try {
			const { email } = await api.accounts.makeAdmin();
			const post = (headers: Record<string, string>) =>
				senderTo(portless.url)('POST', '/auth/login', {
					form: { email, password },
					headers: { ...html, host: getHost(portless), origin: portless.url, ...headers }
				});
			const refused = await post({});
			expect(refused.status).toBe(403);
			expect(refused.text).toContain(portless.url);
			expect(refused.text).toContain('$http_host');
			expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(303);
		} finally {
			await portless.stop();
		}
	});
});
