import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { startFreshServer } from '#tests/support/server.ts';
import type { Figure } from './run.ts';

const Login = z.object({ accessToken: z.string() });

const limitKilobytes = 130;
const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };

/** Lists the scripts that a page loads at first: those it names, and all that they import. */
async function scriptsOf(origin: string, page: string, cookie: string): Promise<Map<string, string>> {
	const html = await (await fetch(origin + page, { headers: { cookie } })).text();
	const wanted = [...html.matchAll(/["'(]([^"'()]*_app\/immutable\/[^"'()]+\.js)["')]/g)].map(([, path]) => path ?? '');
	const found = new Map<string, string>();
	const queue = wanted.map((path) => new URL(path, origin + page).href);
	for (let url = queue.pop(); url; url = queue.pop()) {
		if (found.has(url)) continue;
		const source = await (await fetch(url)).text();
		found.set(url, source);
		// Static imports only: `import(…)` is loaded when it is needed.
		for (const [, path] of source.matchAll(/(?:from|import)\s*["']([^"']+\.js)["']/g))
			queue.push(new URL(path ?? '', url).href);
	}
	return found;
}

/** First-load JavaScript of the pages that people see first. */
export async function measureBundles(): Promise<Figure[]> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	try {
		const headers = { 'content-type': 'application/json' };
		const post = (path: string) => fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(admin) });
		await post('/api/auth/admin-sign-up');
		const { accessToken } = Login.parse(await (await post('/api/auth/login')).json());
		const cookie = `immich_access_token=${accessToken}`;
		const pages = [
			{ what: 'Sign-in page', path: '/auth/login', cookie: '' },
			{ what: 'Users page', path: '/admin/users', cookie }
		];
		return await Promise.all(
			pages.map(async (page) => {
				const scripts = await scriptsOf(server.url, page.path, page.cookie);
				const kilobytes = [...scripts.values()].reduce((sum, source) => sum + gzipSync(source).length, 0) / 1_000;
				return {
					what: `${page.what}: first-load JavaScript, gzip`,
					measured: `${kilobytes.toFixed(1)} kB in ${String(scripts.size)} files`,
					against: '161 kB of PocketBase’s console',
					ratio: (kilobytes / 161).toFixed(2),
					aim: `≤ ${String(limitKilobytes)} kB`
				};
			})
		);
	} finally {
		await server.stop();
	}
}
