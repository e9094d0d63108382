import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastJson from 'fast-json-stringify';
import pg, { type Pool } from 'pg';
import Cursor from 'pg-cursor';
import { getAvatarColor } from '#lib/contract/users/avatar-color.ts';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import {
	copiedColumns,
	UserExportStreamRepository
} from '#lib/server/features/users/list-stream/user-export-stream.repository.ts';
import { usersJson } from '#lib/server/features/users/list-stream/user-json.ts';
import { makeCrowd } from '#tests/support/crowd.ts';
import type { Figure } from './targets.ts';

const crowdSize = 100_000;
const warmUpRounds = 2;
const rounds = 3;
const pageSize = 4_000;

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const flag = { type: 'boolean' } as const;
const properties = {
	id: text,
	email: text,
	name: text,
	profileImagePath: text,
	avatarColor: text,
	profileChangedAt: text,
	storageLabel: textOrNull,
	shouldChangePassword: flag,
	isAdmin: flag,
	createdAt: text,
	deletedAt: textOrNull,
	updatedAt: text,
	oauthId: text,
	quotaSizeInBytes: { type: ['integer', 'null'] },
	quotaUsageInBytes: { type: 'integer' },
	status: text,
	license: { type: ['object', 'null'], additionalProperties: true },
	clusterGroupId: text
} as const;
const stringify = fastJson({ type: 'object', properties, required: Object.keys(properties) });

interface Row {
	email: string;
	avatarColor: string | null;
	quotaUsageInBytes: number;
}

/** `2026-07-21 10:00:00.5+00` as `2026-07-21T10:00:00.500Z`: a Date per value would take longer. */
const moment = (value: string) =>
	`${value.slice(0, 10)}T${value.slice(11, 19)}.${value.slice(20, -3).padEnd(3, '0').slice(0, 3)}Z`;
const { builtins } = pg.types;
const parsers = new Map<number, (value: string) => unknown>([
	[builtins.BOOL, (value) => value === 't'],
	[builtins.TIMESTAMPTZ, moment],
	[builtins.INT8, Number],
	[builtins.JSONB, (value) => JSON.parse(value) as unknown]
]);
const types = { getTypeParser: (oid: number) => parsers.get(oid) ?? ((value: string) => value) };
const columns = copiedColumns.map((name) =>
	name === 'license' ? 'license."value" AS "license"' : `account."${name}"`
);
const query = `SELECT ${columns.join(', ')} FROM "user" AS account
	LEFT JOIN "user_metadata" AS license ON license."userId" = account."id" AND license."key" = 'license'
	ORDER BY account."createdAt" DESC, account."id" DESC`;

async function encodeRows(pool: Pool): Promise<Uint8Array[]> {
	const client = await pool.connect();
	const parts: Uint8Array[] = [];
	const cursor = client.query(new Cursor<Row>(query, [], { types }));
	for (let rows = await cursor.read(pageSize); rows.length > 0; rows = await cursor.read(pageSize)) {
		const items = rows.map((row) => {
			// Changing a row costs less than copying it.
			row.avatarColor ??= getAvatarColor(row.email);
			row.quotaUsageInBytes = Math.max(0, row.quotaUsageInBytes);
			return stringify(row);
		});
		parts.push(Buffer.from(items.join(',')));
	}
	await cursor.close();
	client.release();
	return parts;
}

async function encodeCopy(pool: Pool): Promise<Uint8Array[]> {
	const parts: Uint8Array[] = [];
	for await (const part of new UserExportStreamRepository({ pool }).stream(true, usersJson)) parts.push(part);
	return parts;
}

/** CPU time of this process in milliseconds, and a hash of the JSON, which is small, so that no garbage of one run slows the next. */
async function measure(encode: (pool: Pool) => Promise<Uint8Array[]>, pool: Pool) {
	const before = process.cpuUsage();
	const parts = await encode(pool);
	const { user, system } = process.cpuUsage(before);
	const hash = createHash('sha256');
	for (const [index, part] of parts.entries()) hash.update(index === 0 ? '' : ',').update(part);
	return { cpuMs: (user + system) / 1_000, hash: hash.digest('hex') };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Compares our encoder of COPY's text with fast-json-stringify over rows, turn by turn: docs/decisions/031. */
export async function measureListEncoding(): Promise<Figure> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-'));
	await chmod(dataDir, 0o711);
	const database = await openDatabase({
		dataDir: path.join(dataDir, 'data'),
		migrationsDir: path.resolve('prisma/migrations')
	});
	try {
		await makeCrowd(database.pool, crowdSize);
		const [copied, stringified]: [number[], number[]] = [[], []];
		for (let round = 0; round < warmUpRounds + rounds; round++) {
			const one = await measure(encodeCopy, database.pool);
			const other = await measure(encodeRows, database.pool);
			if (one.hash !== other.hash) throw new Error('Both ways must write the same bytes');
			if (round < warmUpRounds) continue;
			copied.push(one.cpuMs);
			stringified.push(other.cpuMs);
		}
		return {
			what: 'Encoding 100,000 users from COPY, CPU time; against fast-json-stringify',
			measured: `${median(copied).toFixed(0)} ms`,
			against: `${median(stringified).toFixed(0)} ms`,
			ratio: (median(stringified) / median(copied)).toFixed(2),
			aim: '≥ 2 (otherwise the encoder isn’t worth its code)'
		};
	} finally {
		await database.close();
		await rm(dataDir, { recursive: true, force: true });
	}
}
