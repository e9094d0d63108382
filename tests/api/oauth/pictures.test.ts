import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { maxProfileImageBytes } from '#lib/contract/profile-images/profile-image.ts';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { useApi } from '#tests/support/api.ts';
import { configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { createPicture, pngBomb } from '#tests/support/pictures.ts';

const api = useApi();
let oidc: Oidc;
let server: Server;
let port = '';
let asked: string[] = [];

beforeAll(async () => {
	oidc = await Oidc.start({ redirectUris: [redirectUri] });
	const files: Readonly<Record<string, Uint8Array | string>> = {
		'/me.jpg': await createPicture('jpeg'),
		'/me.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
		'/me.html': '<p>no picture</p>',
		'/empty': '',
		'/large': await paddedPicture(maxProfileImageBytes + 1),
		'/largest': await paddedPicture(maxProfileImageBytes),
		'/bomb': pngBomb(30_000)
	};
	server = createServer(({ url = '' }, response) => {
		asked.push(url);
		// Only the content counts, not the declared type.
		response.setHeader('content-type', 'image/jpeg');
		const file = files[url];
		if (url === '/silent') response.write('x');
		else if (file !== undefined) response.end(file);
		else if (url === '/once') response.writeHead(302, { location: '/me.jpg' }).end();
		else if (url === '/round') response.writeHead(302, { location: '/round' }).end();
		else if (url === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
		else response.writeHead(404).end();
	});
	server.listen(0);
	await once(server, 'listening');
	const address = server.address();
	port = typeof address === 'object' ? String(address?.port) : '';
});
afterAll(async () => {
	server.closeAllConnections();
	server.close();
	await oidc.close();
});
beforeEach(async () => {
	asked = [];
	await api.reset();
	await configureOAuth(api, oidc);
});

/** Signs a new user in with this picture and returns the user. */
async function signInWith(picture: unknown) {
	oidc.claims['ann'] = { email: 'ann@example.test', email_verified: true, picture };
	const reply = await signInBy(api, oidc, 'ann');
	expect(reply.status, reply.text).toBe(201);
	return api.accounts.findUser(LoginResponseDto.parse(reply.body).userId);
}

/** A valid picture padded with zeros. */
async function paddedPicture(sizeBytes: number): Promise<Buffer> {
	const picture = await createPicture('jpeg');
	return Buffer.concat([picture, Buffer.alloc(sizeBytes - picture.byteLength)]);
}

async function allowPrivatePictures(): Promise<void> {
	const { token } = await api.accounts.signInAdmin();
	const { oauth } = immichAuthConfigDefaults;
	const first = { ...oauth.first, allowPrivatePictures: true };
	const body = { ...immichAuthConfigDefaults, oauth: { ...oauth, first } };
	expect((await api.request('PUT', '/api/admin/auth-config', { token, body })).status).toBe(200);
}

it.each(['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '2130706433', '127.1', '[::ffff:127.0.0.1]'])(
	'does not fetch a picture at %s',
	async (host) => {
		await api.accounts.makeAdmin();
		expect(await signInWith(`http://${host}:${port}/me.jpg`)).toMatchObject({ profileImagePath: '' });
		expect(asked).toEqual([]);
	}
);

it.each(['/me.jpg', '/once', '/largest'])('fetches a picture at %s when private networks are allowed', async (path) => {
	await allowPrivatePictures();
	const user = await signInWith(`http://127.0.0.1:${port}${path}`);
	expect(user.profileImagePath).not.toBe('');
	// An existing picture is kept.
	asked = [];
	expect(await signInWith(`http://127.0.0.1:${port}/me.jpg`)).toMatchObject({
		profileImagePath: user.profileImagePath
	});
	expect(asked).toEqual([]);
});

it.each(['/me.svg', '/me.html', '/empty', '/large', '/bomb', '/round', '/file', '/none', '/silent'])(
	'skips %s but signs the user in',
	async (path) => {
		await allowPrivatePictures();
		expect(await signInWith(`http://127.0.0.1:${port}${path}`)).toMatchObject({ profileImagePath: '' });
		expect(asked).not.toEqual([]);
	}
);

it.each(['file:///etc/passwd', 'data:image/png;base64,AA==', 'nowhere', '', 5, { url: 'x' }, null])(
	'ignores %j as a picture address but signs the user in',
	async (picture) => {
		await allowPrivatePictures();
		expect(await signInWith(picture)).toMatchObject({ profileImagePath: '' });
	}
);
