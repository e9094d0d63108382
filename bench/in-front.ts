import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { z } from 'zod';
import { startFreshServer } from '#tests/support/server.ts';
import { StandInImmich } from '#tests/support/stand-in-immich.ts';
import type { Figure } from './targets.ts';

const Login = z.object({ accessToken: z.string() });
const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };
const mib = 256;
const rounds = 7;
const smallCount = 4_000;
/** Linux counts a process's time in hundredths of a second. */
const tickMs = 10;
const chunk = Buffer.alloc(1_048_576, 'x');

async function readProcess(pid: number | undefined) {
	const [stat, status] = await Promise.all(
		['stat', 'status'].map((name) => readFile(`/proc/${String(pid)}/${name}`, 'utf8'))
	);
	const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
	return {
		cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
		residentMiB: Number(/VmRSS:\s+(\d+)/.exec(status ?? '')?.[1]) / 1_024
	};
}

/** Sends a request with a body of so many MiB, reads the response, and returns how long it took. */
async function transfer(url: string, authorization: string, bodyMiB: number): Promise<number> {
	const startedAt = performance.now();
	await new Promise<void>((resolve, reject) => {
		const headers = { authorization, 'content-length': bodyMiB * chunk.length };
		const sent = request(url, { method: bodyMiB > 0 ? 'POST' : 'GET', headers, agent: false }, (response) => {
			if ((response.statusCode ?? 500) >= 300) reject(new Error(`Status ${String(response.statusCode)}`));
			response.on('end', resolve).on('error', reject).resume();
		});
		sent.on('error', reject);
		let left = bodyMiB;
		const write = () => {
			while (left > 0) {
				left--;
				if (!sent.write(chunk)) return void sent.once('drain', write);
			}
			sent.end();
		};
		write();
	});
	return performance.now() - startedAt;
}

const median = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** What it costs to be in front of an Immich, against the same stand-in asked directly. */
export async function measureInFront(): Promise<Figure[]> {
	const immich = await new StandInImmich({ acceptsAll: true }).start();
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error', IMMICH_UPSTREAM_URL: immich.url });
	try {
		const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(admin) };
		await fetch(`${server.url}/api/auth/admin-sign-up`, json);
		const { accessToken } = Login.parse(await (await fetch(`${server.url}/api/auth/login`, json)).json());
		const authorization = `Bearer ${accessToken}`;
		const times = {
			up: { direct: [] as number[], through: [] as number[] },
			down: { direct: [] as number[], through: [] as number[] }
		};
		let most = 0;
		const before = await readProcess(server.process.pid);
		for (let round = 0; round < rounds; round++)
			for (const [kind, origin] of [
				['direct', immich.url],
				['through', server.url]
			] as const) {
				times.up[kind].push(await transfer(`${origin}/api/assets`, authorization, mib));
				times.down[kind].push(await transfer(`${origin}/api/assets/x/original?mib=${String(mib)}`, authorization, 0));
				most = Math.max(most, (await readProcess(server.process.pid)).residentMiB);
			}
		const askSmall = async () => {
			for (let count = 0; count < smallCount; count++)
				await (await fetch(`${server.url}/api/people`, { headers: { authorization } })).arrayBuffer();
		};
		await askSmall();
		const start = await readProcess(server.process.pid);
		await askSmall();
		const perRequest = ((await readProcess(server.process.pid)).cpuMs - start.cpuMs) / smallCount;
		immich.take();
		const rate = (values: readonly number[]) => mib / (median(values) / 1_000);
		const compare = (what: string, { direct, through }: typeof times.up): Figure => ({
			what,
			measured: `${rate(through).toFixed(0)} MiB/s`,
			against: `${rate(direct).toFixed(0)} MiB/s asked directly`,
			ratio: (rate(through) / rate(direct)).toFixed(2),
			aim: '≥ 0.90'
		});
		return [
			compare(`In front of an Immich: upload of ${String(mib)} MiB`, times.up),
			compare(`Download of ${String(mib)} MiB through us`, times.down),
			{
				what: 'Memory that these transfers add to the server, at most',
				measured: `${Math.max(0, most - before.residentMiB).toFixed(0)} MiB`,
				against: `${before.residentMiB.toFixed(0)} MiB before`,
				ratio: (most / before.residentMiB).toFixed(2),
				aim: '≤ 2'
			},
			{
				what: 'CPU time of the server for a small request that it forwards',
				measured: `${perRequest.toFixed(2)} ms`,
				against: '0 ms of it when Immich is asked directly',
				ratio: '-',
				aim: '≤ 0.5 ms'
			}
		];
	} finally {
		await server.stop();
		await immich.stop();
	}
}
