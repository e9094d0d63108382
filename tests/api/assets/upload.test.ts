import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { waitForJobs } from '#tests/support/jobs.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { buildUpload, createUniquePicture, upload, uploadPicture } from '#tests/support/uploads.ts';

const api = useApi();
const Reply = z.strictObject({ id: z.string(), status: z.string() });

/** The files below the upload folder, relative to it. */
const listFiles = async () =>
	(await readdir(path.join(api.dataDir, 'upload'), { recursive: true, withFileTypes: true }).catch(() => []))
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(path.join(api.dataDir, 'upload'), path.join(entry.parentPath, entry.name)));
const listFilesOf = async (userId: string) => (await listFiles()).filter((file) => file.startsWith(userId));
const isSettled = async () => (await listFiles()).filter((file) => file.startsWith('.incoming')).length === 0;
const usageOf = async (id: string) => Number((await api.accounts.findUser(id)).quotaUsageInBytes);

describe('POST /assets', () => {
	it('stores the file under the ID of the new asset, counts it and answers 201', async () => {
		const { user, token } = await api.accounts.signIn();
		const bytes = await createUniquePicture();
		const reply = await upload(api, token, { bytes, name: 'Holiday.JPG' });
		expect(reply.status, reply.text).toBe(201);
		const { id, status } = Reply.parse(reply.body);
		expect(status).toBe('created');
		const [file = '', ...rest] = await listFilesOf(user.id);
		expect(rest).toEqual([]);
		expect(file).toBe(`${user.id}/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}.jpg`);
		expect(await readFile(path.join(api.dataDir, 'upload', file))).toEqual(bytes);
		expect(await usageOf(user.id)).toBe(bytes.byteLength);
		expect(await isSettled()).toBe(true);
		const row = await api.prisma.asset.findUniqueOrThrow({ where: { id }, include: { exif: true } });
		expect(row).toMatchObject({
			ownerId: user.id,
			type: 'IMAGE',
			originalFileName: 'Holiday.JPG',
			originalPath: `upload/${file}`,
			exif: { fileSizeInByte: BigInt(bytes.byteLength) }
		});
		expect(Buffer.from(row.checksum)).toEqual(createHash('sha1').update(bytes).digest());
	});

	it('uses the storage label for the folder', async () => {
		const { token } = await api.accounts.signIn({ storageLabel: 'anna' });
		await uploadPicture(api, token);
		expect((await listFilesOf('anna')).length).toBe(1);
	});

	it('answers a second upload of the same file with 200 and the first ID, and counts it once', async () => {
		const { user, token } = await api.accounts.signIn();
		const first = await upload(api, token, { bytes: 'same' });
		const again = await upload(api, token, { bytes: 'same', name: 'other.jpg' });
		expect([again.status, again.body]).toEqual([200, { id: Reply.parse(first.body).id, status: 'duplicate' }]);
		expect(await usageOf(user.id)).toBe(4);
		expect(await listFilesOf(user.id)).toHaveLength(1);
		// Another user's library is none of theirs.
		const { token: other } = await api.accounts.signIn();
		expect((await upload(api, other, { bytes: 'same' })).status).toBe(201);
	});

	it.each(['hex', 'base64'] as const)('answers a known checksum (%s) before the body arrives', async (encoding) => {
		const { token } = await api.accounts.signIn();
		const { id } = Reply.parse((await upload(api, token, { bytes: `known ${encoding}` })).body);
		const checksum = createHash('sha1').update(`known ${encoding}`).digest(encoding);
		const reply = await upload(api, token, { bytes: 'something else', headers: { 'x-immich-checksum': checksum } });
		expect([reply.status, reply.body]).toEqual([200, { id, status: 'duplicate' }]);
	});

	it('stores a sidecar beside the file', async () => {
		const { user, token } = await api.accounts.signIn();
		const reply = await upload(api, token, { bytes: 'with sidecar', sidecar: '<xmp/>' });
		const { id } = Reply.parse(reply.body);
		expect((await listFilesOf(user.id)).map((file) => path.basename(file)).sort()).toEqual([
			`${id}.jpg`,
			`${id}.jpg.xmp`
		]);
		expect(await api.prisma.assetFile.findMany({ where: { assetId: id }, select: { type: true } })).toEqual([
			{ type: 'sidecar' }
		]);
	});

	it.each(['a.txt', 'a.exe', 'a', 'a.jpg.html', '.jpg/../a.php'])(
		'refuses %s with 400 and leaves nothing',
		async (name) => {
			const { user, token } = await api.accounts.signIn();
			const reply = await upload(api, token, { name });
			expect(reply.status).toBe(400);
			expect(reply.body).toEqual(message(`Unsupported file type ${path.basename(name)}`));
			expect([await listFilesOf(user.id), await usageOf(user.id), await isSettled()]).toEqual([[], 0, true]);
		}
	);

	it.each([
		['../../../etc/passwd.jpg', 'passwd.jpg'],
		['..\\..\\evil.png', 'evil.png'],
		['/absolute/a.jpg', 'a.jpg'],
		[`${'x'.repeat(3_000)}.jpg`, `${'x'.repeat(251)}.jpg`]
	])('never uses the name %s as a path', async (name, shown) => {
		const { user, token } = await api.accounts.signIn();
		const reply = await upload(api, token, { bytes: name, fields: { filename: name } });
		expect(reply.status, reply.text).toBe(201);
		const { id } = Reply.parse(reply.body);
		expect(await api.prisma.asset.findUniqueOrThrow({ where: { id } })).toMatchObject({ originalFileName: shown });
		expect(await listFilesOf(user.id)).toEqual([
			`${user.id}/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}${path.extname(shown)}`
		]);
	});

	it('refuses a null character, a missing file and a missing date with 400', async () => {
		const { token } = await api.accounts.signIn();
		expect((await upload(api, token, { fields: { filename: 'a\0.jpg' } })).status).toBe(400);
		expect((await upload(api, token, { fields: { fileCreatedAt: 'yesterday' } })).status).toBe(400);
		const empty = await api.request('POST', '/api/assets', { token, body: {} });
		expect(empty.status).toBe(400);
		expect(await isSettled()).toBe(true);
	});

	it('refuses one byte over the quota, and accepts what fits exactly', async () => {
		const { user, token } = await api.accounts.signIn({ quotaSizeInBytes: 10n });
		const over = await upload(api, token, { bytes: '12345678901' });
		expect([over.status, over.body]).toEqual([400, message('Quota has been exceeded!')]);
		expect([await listFilesOf(user.id), await usageOf(user.id)]).toEqual([[], 0]);
		expect((await upload(api, token, { bytes: '1234567890' })).status).toBe(201);
		expect((await upload(api, token, { bytes: 'x' })).status).toBe(400);
		expect(await usageOf(user.id)).toBe(10);
		expect(await isSettled()).toBe(true);
	});

	it('accepts exactly what fits of 50 parallel uploads', { timeout: 60_000 }, async () => {
		const { user, token } = await api.accounts.signIn({ quotaSizeInBytes: 1_000n * 5n });
		const replies = await Promise.all(
			Array.from({ length: 50 }, (_, at) => upload(api, token, { bytes: String(at).padEnd(1_000, '.') }))
		);
		const statuses = replies.map(({ status }) => status);
		expect(statuses.filter((status) => status === 201)).toHaveLength(5);
		expect(statuses.filter((status) => status === 400)).toHaveLength(45);
		expect([await usageOf(user.id), (await listFilesOf(user.id)).length, await isSettled()]).toEqual([5_000, 5, true]);
	});

	it('stores the same file once when it arrives 20 times in parallel', async () => {
		const { user, token } = await api.accounts.signIn();
		const replies = await Promise.all(Array.from({ length: 20 }, () => upload(api, token, { bytes: 'parallel' })));
		expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
		expect(new Set(replies.map(({ body }) => Reply.parse(body).id)).size).toBe(1);
		expect([await usageOf(user.id), (await listFilesOf(user.id)).length]).toEqual([8, 1]);
	});

	it('leaves nothing of an upload that is cut off', async () => {
		const { user, token } = await api.accounts.signIn();
		const { raw, headers } = await buildUpload({ bytes: 'x'.repeat(500_000) });
		const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
		socket.on('error', () => undefined);
		socket.write(
			`POST /api/assets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n` +
				`Content-Type: ${headers['content-type']}\r\nContent-Length: ${raw.byteLength}\r\n\r\n`
		);
		socket.write(raw.subarray(0, 300_000));
		await expect.poll(isSettled).toBe(false);
		socket.destroy();
		await expect.poll(isSettled).toBe(true);
		expect([await listFilesOf(user.id), await usageOf(user.id)]).toEqual([[], 0]);
		expect(await api.prisma.asset.count({ where: { ownerId: user.id } })).toBe(0);
	});

	it('leaves nothing of a form that ends too early', async () => {
		const { user, token } = await api.accounts.signIn();
		const { raw, headers } = await buildUpload({ bytes: 'x'.repeat(100_000) });
		const reply = await api.request('POST', '/api/assets', { token, raw: raw.subarray(0, 50_000), headers });
		expect([reply.status, await listFilesOf(user.id), await isSettled()]).toEqual([400, [], true]);
	});

	it('refuses a credential that is missing, lacks the permission, or ended while the file was sent', async () => {
		expect((await upload(api, null)).status).toBe(401);
		const { user } = await api.accounts.signIn();
		const weak = await api.accounts.makeApiKey(user.id, ['asset.read']);
		const strong = await api.accounts.makeApiKey(user.id, ['asset.upload']);
		expect((await upload(api, null, { headers: { 'x-api-key': weak } })).status).toBe(403);
		expect((await upload(api, null, { headers: { 'x-api-key': strong } })).status).toBe(201);
	});

	it('records the uploads of a credential once, in the same transaction', async () => {
		const { user, token } = await api.accounts.signIn();
		const block = new AuditBlock(api);
		await block.prepare();
		// The jobs of earlier uploads write too.
		await waitForJobs(api.pool);
		await block.tryInVain('asset.upload', () => upload(api, token, { bytes: 'recorded' }));
		expect(await listFilesOf(user.id)).toEqual([]);
		for (const bytes of ['recorded', 'also recorded']) expect((await upload(api, token, { bytes })).status).toBe(201);
		expect(await api.prisma.auditEvent.count({ where: { action: 'asset.upload', actorId: user.id } })).toBe(1);
	});
});

describe('an upload by the visitor of a shared link', () => {
	const share = async (fields: { allowUpload: boolean; album?: boolean }) => {
		const { user, token } = await api.accounts.signIn();
		const sharing = new Sharing(api.prisma);
		const albumId = fields.album ? await sharing.makeAlbum([[user.id, 'owner']]) : null;
		const { id, key } = await sharing.makeLink(user.id, {
			...(albumId !== null && { albumId }),
			allowUpload: fields.allowUpload
		});
		return { user, token, albumId, id, query: `?key=${key}` };
	};

	it('belongs to the creator and goes into the album', async () => {
		const { user, albumId, query } = await share({ allowUpload: true, album: true });
		const reply = await upload(api, null, { query, fields: { isFavorite: 'true', visibility: 'locked' } });
		expect(reply.status, reply.text).toBe(201);
		const { id } = Reply.parse(reply.body);
		expect(await api.prisma.asset.findUniqueOrThrow({ where: { id } })).toMatchObject({
			ownerId: user.id,
			isFavorite: false,
			visibility: 'timeline'
		});
		expect(await api.prisma.albumAsset.count({ where: { albumId: albumId ?? '', assetId: id } })).toBe(1);
	});

	it('is listed on an individual link', async () => {
		const { id: linkId, query } = await share({ allowUpload: true });
		const { id } = Reply.parse((await upload(api, null, { query })).body);
		expect(await api.prisma.sharedLinkAsset.count({ where: { sharedLinkId: linkId, assetId: id } })).toBe(1);
	});

	it('is refused where the link takes none, and doesn’t tell which files its creator has', async () => {
		const { query } = await share({ allowUpload: false });
		expect((await upload(api, null, { query })).status).toBe(401);
		const open = await share({ allowUpload: true });
		await upload(api, open.token, { bytes: 'mine' });
		const checksum = createHash('sha1').update('mine').digest('hex');
		const reply = await upload(api, null, {
			query: open.query,
			bytes: 'theirs',
			headers: { 'x-immich-checksum': checksum }
		});
		expect(reply.status).toBe(201);
	});
});

describe('POST /assets/bulk-upload-check', () => {
	it('rejects what the caller has already, also in the trash', async () => {
		const { user, token } = await api.accounts.signIn();
		const id = Reply.parse((await upload(api, token, { bytes: 'here' })).body).id;
		const trashed = Reply.parse((await upload(api, token, { bytes: 'there' })).body).id;
		await api.prisma.asset.update({ where: { id: trashed }, data: { deletedAt: new Date(), status: 'trashed' } });
		const sum = (text: string, encoding: 'hex' | 'base64') => createHash('sha1').update(text).digest(encoding);
		const assets = [
			{ id: '1', checksum: sum('here', 'hex') },
			{ id: '2', checksum: sum('there', 'base64') },
			{ id: '3', checksum: sum('new', 'hex') },
			{ id: '4', checksum: 'nonsense' }
		];
		const check = (given: string) =>
			api.request('POST', '/api/assets/bulk-upload-check', { token: given, body: { assets } });
		expect((await check(token)).body).toEqual({
			results: [
				{ id: '1', action: 'reject', reason: 'duplicate', assetId: id, isTrashed: false },
				{ id: '2', action: 'reject', reason: 'duplicate', assetId: trashed, isTrashed: true },
				{ id: '3', action: 'accept' },
				{ id: '4', action: 'accept' }
			]
		});
		const { token: other } = await api.accounts.signIn();
		expect((await check(other)).text).not.toContain('reject');
		expect(user.id).not.toBe('');
	});
});
