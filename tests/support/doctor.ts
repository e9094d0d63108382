import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { runAdmin } from './command.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startServer, type TestServer } from './server.ts';

const Findings = z.array(
	z.strictObject({
		check: z.string(),
		status: z.enum(['ok', 'warning', 'problem', 'skipped']),
		message: z.string().min(1),
		advice: z.string().min(1).nullable()
	})
);

/** `immich-admin doctor` beside a running server. */
export class Doctor {
	readonly database: TestDatabase;
	readonly server: TestServer;
	readonly dataDir: string;

	constructor(database: TestDatabase, server: TestServer, dataDir: string) {
		this.database = database;
		this.server = server;
		this.dataDir = dataDir;
	}

	get env(): Record<string, string> {
		return { DATABASE_URL: this.database.url, DATA_DIR: this.dataDir };
	}

	/** Runs it and returns all findings, and in short those that aren't fine. */
	async examine(more: Record<string, string> = {}) {
		const { code, out, error } = await runAdmin(['doctor', '--json'], { ...this.env, ...more });
		return readFindings(code, out, error);
	}

	/** Stores settings as an admin could have. */
	async saveSystem(value: object): Promise<void> {
		await this.database.prisma.systemMetadata.upsert({
			where: { key: 'system-config' },
			create: { key: 'system-config', value },
			update: { value }
		});
	}

	/** Forgets them. */
	async forgetSystem(): Promise<void> {
		await this.database.prisma.systemMetadata.deleteMany({ where: { key: 'system-config' } });
	}
}

/** Reads what the doctor has printed, and checks its form and exit code. */
export function readFindings(code: number | null, out: string, error: string) {
	const findings = Findings.parse(JSON.parse(out));
	const bad = findings.filter(({ status }) => status === 'warning' || status === 'problem');
	expect(bad.every(({ advice }) => advice !== null)).toBe(true);
	expect(findings.filter(({ status }) => status === 'ok').every(({ advice }) => advice === null)).toBe(true);
	expect(code).toBe(bad.some(({ status }) => status === 'problem') ? 1 : 0);
	expect(out + error).not.toMatch(/the encryption key of every test|mail secret/);
	return { bad: bad.map(({ check, status, message }) => `${status} ${check}: ${message}`), findings };
}

/** Gives a test file a doctor, with a database and a server of its own. */
export function useDoctor(): { readonly it: Doctor } {
	const given: { it?: Doctor } = {};
	beforeAll(async () => {
		const database = await createTestDatabase();
		const dataDir = await mkdtemp(path.join(os.tmpdir(), 'immich-auth-doctor-'));
		given.it = new Doctor(database, await startServer({ DATABASE_URL: database.url, DATA_DIR: dataDir }), dataDir);
	});
	afterAll(async () => {
		await given.it?.server.stop();
		await given.it?.database.close();
		await rm(given.it?.dataDir ?? '', { recursive: true, force: true });
	});
	return given as { readonly it: Doctor };
}
