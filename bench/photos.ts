import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { openDatabase, type Database } from '#lib/server/platform/database/database.ts';
import { runImmich } from '#tests/support/immich-cli.ts';
import { startFreshServer, type FreshServer } from '#tests/support/server.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { describeLoad } from './rounds.ts';
import type { Figure } from './targets.ts';

const photoCount = 1_000_000;
const albumSize = 10_000;
const pageRounds = 20;

const uploadRounds = 4;
const uploadsPerRound = 250;
const uploadBytes = 2 ** 20;

const gibibyte = 2 ** 30;
const zippedFiles = 5;
const sampleEveryMs = 50;

const env = { IMMICH_LOG_LEVEL: 'error' };
const admin = { email: 'admin@bench.test', password: 'correct horse battery', name: 'Ada' };
const Login = z.object({ accessToken: z.string(), userId: z.string() });
const Key = z.object({ secret: z.string() });
const Buckets = z.array(z.object({ timeBucket: z.string(), count: z.int() }));

const quantile = (values: readonly number[], share: number) =>
	values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** A server, and a user who is signed in. */
class Bench {
	readonly server: FreshServer;
	readonly token: string;
	readonly userId: string;

	private constructor(server: FreshServer, { accessToken, userId }: z.output<typeof Login>) {
		this.server = server;
		this.token = accessToken;
		this.userId = userId;
	}

	static async start(): Promise<Bench> {
		const server = await startFreshServer(env);
		const headers = { 'content-type': 'application/json' };
		const post = (target: string) =>
			fetch(server.url + target, { method: 'POST', headers, body: JSON.stringify(admin) });
		await post('/api/auth/admin-sign-up');
		return new Bench(server, Login.parse(await (await post('/api/auth/login')).json()));
	}

	/** @throws {Error} if the server doesn't answer with success */
	async call(target: string, options: RequestInit = {}): Promise<Response> {
		const headers = { authorization: `Bearer ${this.token}`, ...(options.headers as Record<string, string>) };
		const response = await fetch(this.server.url + target, { ...options, headers });
		if (!response.ok) throw new Error(`${target}: ${String(response.status)} ${await response.text()}`);
		return response;
	}

	json(target: string, body: unknown): Promise<Response> {
		return this.call(target, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body)
		});
	}

	async withDatabase<Result>(run: (database: Database) => Promise<Result>): Promise<Result> {
		const database = await openDatabase({
			dataDir: this.server.dataDir,
			migrationsDir: path.resolve('prisma/migrations')
		});
		try {
			return await run(database);
		} finally {
			await database.close();
		}
	}
}

/** Measures pages and reads of one user with a million photos, and of an album with 10,000 of them. */
export async function measureLibrary(): Promise<Figure[]> {
	const bench = await Bench.start();
	try {
		const albumId = await bench.withDatabase(async (database) => fillLibrary(database, bench.userId));
		const months = Buckets.parse(await (await bench.call('/api/timeline/buckets')).json());
		const fullest = months.toSorted((a, b) => b.count - a.count)[0];
		if (!fullest) throw new Error('The timeline is empty');
		const ofAlbum = Buckets.parse(await (await bench.call(`/api/timeline/buckets?albumId=${albumId}`)).json());
		const targets: Readonly<Record<string, string>> = {
			ping: '/api/server/ping',
			'months of the timeline': '/api/timeline/buckets',
			[`its fullest month (${fullest.count.toLocaleString('en')} photos)`]: `/api/timeline/bucket?timeBucket=${fullest.timeBucket}`,
			'photos page': '/photos',
			'months of the album': `/api/timeline/buckets?albumId=${albumId}`,
			'a month of the album': `/api/timeline/bucket?albumId=${albumId}&timeBucket=${ofAlbum[0]?.timeBucket ?? ''}`,
			'album page': `/albums/${albumId}`
		};
		const timesMs = new Map<string, number[]>(Object.keys(targets).map((what) => [what, []]));
		for (let round = -2; round < pageRounds; round++)
			for (const [what, target] of Object.entries(targets)) {
				const startedAt = performance.now();
				await (await bench.call(target, { headers: { accept: 'text/html' } })).arrayBuffer();
				if (round >= 0) timesMs.get(what)?.push(performance.now() - startedAt);
			}
		const p95 = (what: string) => quantile(timesMs.get(what) ?? [], 0.95);
		const ping = p95('ping');
		return [...timesMs.keys()].slice(1).map((what) => ({
			what: `Among 1,000,000 photos of one user and an album of 10,000: ${what}, p95`,
			measured: `${p95(what).toFixed(1)} ms`,
			against: `${ping.toFixed(1)} ms of a ping, ${describeLoad()}`,
			ratio: (p95(what) / ping).toFixed(1),
			aim: '< 100 ms'
		}));
	} finally {
		await bench.server.stop();
	}
}

/** Gives a user one photo every ten minutes of the last 19 years, and an album. */
async function fillLibrary({ pool, prisma }: Database, userId: string): Promise<string> {
	await pool.query(
		`INSERT INTO "asset" ("ownerId", "type", "originalPath", "originalFileName", "fileCreatedAt", "fileModifiedAt",
			"localDateTime", "checksum", "checksumAlgorithm")
		SELECT $1, 'IMAGE', '/photos/' || number || '.jpg', number || '.jpg', moment, moment, moment,
			decode(md5(number::text), 'hex'), 'sha1'
		FROM generate_series(1, ${photoCount}) AS number, LATERAL (SELECT now() - number * interval '10 minutes' AS moment) AS taken`,
		[userId]
	);
	const albumId = await new Sharing(prisma).makeAlbum([[userId, 'owner']]);
	await pool.query(
		`INSERT INTO "album_asset" ("albumId", "assetId")
		SELECT $1, "id" FROM "asset" WHERE "ownerId" = $2 ORDER BY "localDateTime" DESC LIMIT ${albumSize}`,
		[albumId, userId]
	);
	await pool.query('VACUUM (ANALYZE) "asset", "album_asset"');
	return albumId;
}

/** Measures `immich upload` of 1,000 files against copying them with the same checksum, in turns. */
export async function measureUploads(): Promise<Figure> {
	const bench = await Bench.start();
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-bench-'));
	try {
		const { secret } = Key.parse(
			await (await bench.json('/api/api-keys', { name: 'cli', permissions: ['all'] })).json()
		);
		const immich = async (...given: string[]) => {
			const { code, printed } = await runImmich(path.join(folder, 'config'), given);
			if (code !== 0) throw new Error(`immich ${given.join(' ')}: ${printed}`);
		};
		await immich('login', `${bench.server.url}/api`, secret);
		const [copyMs, uploadMs]: [number[], number[]] = [[], []];
		for (let round = 0; round < uploadRounds; round++) {
			const from = path.join(folder, String(round));
			await mkdir(from);
			const files = Array.from({ length: uploadsPerRound }, (_, index) => path.join(from, `${String(index)}.jpg`));
			for (const file of files)
				await writeFile(file, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(uploadBytes - 4)]));
			const copiedAt = performance.now();
			for (const file of files) await copyWithChecksum(file, `${file}.copy`);
			copyMs.push(performance.now() - copiedAt);
			for (const file of files) await rm(`${file}.copy`);
			const uploadedAt = performance.now();
			await immich('upload', '--recursive', from);
			uploadMs.push(performance.now() - uploadedAt);
		}
		const { total } = z.object({ total: z.int() }).parse(await (await bench.call('/api/assets/statistics')).json());
		if (total !== uploadRounds * uploadsPerRound) throw new Error(`Only ${String(total)} files arrived`);
		const perSecond = (times: readonly number[]) => (uploadsPerRound / quantile(times, 0.5)) * 1_000;
		return {
			what: '`immich upload` of 1,000 files of 1 MB: files per second',
			measured: perSecond(uploadMs).toFixed(0),
			against: `${perSecond(copyMs).toFixed(0)} copies with a SHA-1, written to disk, ${describeLoad()}`,
			ratio: (perSecond(uploadMs) / perSecond(copyMs)).toFixed(2),
			aim: '≥ 0.5'
		};
	} finally {
		await bench.server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

/** Reads a file twice, as a client does that asks for duplicates first, and writes it durably. */
async function copyWithChecksum(from: string, to: string): Promise<void> {
	const hash = createHash('sha1');
	for await (const piece of createReadStream(from)) hash.update(piece as Buffer);
	hash.digest('hex');
	const copy = await open(to, 'w');
	try {
		for await (const piece of createReadStream(from)) await copy.write(piece as Buffer);
		await copy.sync();
	} finally {
		await copy.close();
	}
}

/** Measures how much the server's memory grows while gigabytes pass through it. */
export async function measureTransfers(): Promise<Figure[]> {
	const bench = await Bench.start();
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-bench-'));
	try {
		const file = path.join(folder, 'large.mp4');
		await fillFile(file, gibibyte);
		// Once before, so that what a first transfer loads doesn't count.
		const small = path.join(folder, 'small.mp4');
		await fillFile(small, gibibyte / 4);
		await download(bench, `/api/assets/${await upload(bench, small)}/original`);

		let assetId = '';
		const uploaded = await watchMemory(bench, async () => void (assetId = await upload(bench, file)));
		const downloaded = await watchMemory(bench, () => download(bench, `/api/assets/${assetId}/original`));
		const assetIds = await bench.withDatabase(async ({ prisma }) => {
			const { originalPath } = await prisma.asset.findUniqueOrThrow({ where: { id: assetId } });
			const sharing = new Sharing(prisma);
			const ids: string[] = [];
			for (let count = 0; count < zippedFiles; count++)
				ids.push(await sharing.makePhoto(bench.userId, { originalPath, originalFileName: `${String(count)}.mp4` }));
			await prisma.assetExif.createMany({ data: ids.map((id) => ({ assetId: id, fileSizeInByte: gibibyte })) });
			return ids;
		});
		const zipped = await watchMemory(bench, async () =>
			discard(await bench.json('/api/download/archive', { assetIds }))
		);
		return [
			['an upload of 1 GiB', uploaded] as const,
			['a download of 1 GiB', downloaded] as const,
			['a zip of 5 GiB', zipped] as const
		].map(([what, { beforeMiB, mostMiB }]) => ({
			what: `Memory of the server during ${what}: growth`,
			measured: `${Math.max(0, mostMiB - beforeMiB).toFixed(0)} MiB`,
			against: `${beforeMiB.toFixed(0)} MiB before`,
			ratio: Math.max(0, mostMiB - beforeMiB).toFixed(0),
			aim: '≤ 20 (MiB)'
		}));
	} finally {
		await bench.server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

async function fillFile(file: string, bytes: number): Promise<void> {
	const handle = await open(file, 'w');
	const head = Buffer.from('00000018667479706d703432000000006d7034326d703431', 'hex');
	const piece = randomBytes(2 ** 20);
	await handle.write(head);
	for (let written = head.length; written < bytes; written += piece.length)
		await handle.write(piece, 0, Math.min(piece.length, bytes - written));
	await handle.close();
}

async function upload(bench: Bench, file: string): Promise<string> {
	const body = new FormData();
	const moment = new Date().toISOString();
	for (const [name, value] of Object.entries({ fileCreatedAt: moment, fileModifiedAt: moment }))
		body.append(name, value);
	body.append('assetData', await openAsBlob(file), path.basename(file));
	const response = await bench.call('/api/assets', { method: 'POST', body });
	return z.object({ id: z.string() }).parse(await response.json()).id;
}

const download = async (bench: Bench, target: string): Promise<void> => discard(await bench.call(target));

async function discard({ body }: Response): Promise<void> {
	const reader = body?.getReader();
	while (reader && !(await reader.read()).done);
}

async function watchMemory(
	{ server }: Bench,
	run: () => Promise<void>
): Promise<{ beforeMiB: number; mostMiB: number }> {
	const read = async () => {
		const status = await readFile(`/proc/${String(server.process.pid)}/status`, 'utf8');
		return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
	};
	const beforeMiB = await read();
	let mostMiB = beforeMiB;
	const watch = setInterval(() => void read().then((now) => (mostMiB = Math.max(mostMiB, now))), sampleEveryMs);
	try {
		await run();
	} finally {
		clearInterval(watch);
	}
	return { beforeMiB, mostMiB };
}
