import { createServer } from 'node:net';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { newDataFolder, useDataFolders } from '#tests/support/data-folder.ts';
import { launchServer } from '#tests/support/server.ts';

useDataFolders();

/** Makes Node behave as on a host whose kernel has no IPv6, which a test cannot set up otherwise. */
const withoutIpv6 = `
import net from 'node:net';
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...given) {
	if (given[1] !== '::') return listen.apply(this, given);
	const error = Object.assign(new Error('listen EAFNOSUPPORT: address family not supported :::'), { code: 'EAFNOSUPPORT' });
	process.nextTick(() => this.emit('error', error));
	return this;
};`;

describe('the listen address', () => {
	const api = useApi();
	const getDatabaseEnv = () => ({ DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir });

	it('is IPv4 only on a host without IPv6', async () => {
		const preload = `--import data:text/javascript;base64,${Buffer.from(withoutIpv6).toString('base64')}`;
		const server = launchServer({ ...getDatabaseEnv(), NODE_OPTIONS: preload });
		const port = await server.ready;
		expect((await fetch(`http://127.0.0.1:${String(port)}/healthz`)).status).toBe(200);
		await server.stop();
	});

	it.each([
		['IMMICH_HOST', { IMMICH_HOST: '203.0.113.1' }, /IMMICH_HOST/],
		['IMMICH_PORT', { IMMICH_PORT: 'http' }, /IMMICH_PORT: must be the number of a port/],
		['IMMICH_TRUSTED_PROXIES', { IMMICH_TRUSTED_PROXIES: 'nonsense' }, /IMMICH_TRUSTED_PROXIES: /],
		['DB_PORT', { DATABASE_URL: '', DB_PORT: 'five' }, /DB_PORT: must be the number of a port/]
	])('fails startup with one line for a bad %s', async (_, env, message) => {
		const server = launchServer({ ...getDatabaseEnv(), ...env });
		await expect(server.ready).rejects.toThrow(message);
		expect(await server.ended).toEqual({ code: 1, signal: null });
		expect(server.lines).toHaveLength(1);
	});

	it('ignores a port set by Kubernetes and logs that', async () => {
		const server = launchServer({ ...getDatabaseEnv(), IMMICH_AUTH_METRICS_PORT: 'tcp://10.0.0.1:9464' });
		await server.ready;
		await server.stop();
		expect(server.lines.join('\n')).toContain('IMMICH_AUTH_METRICS_PORT is ignored');
	});

	it('fails startup before touching any data if its port is in use', async () => {
		const other = createServer().listen(0, '::');
		await once(other, 'listening');
		const address = other.address();
		const port = typeof address === 'object' && address ? address.port : 0;
		const dataDir = await newDataFolder();
		const server = launchServer({ DATA_DIR: dataDir, IMMICH_PORT: String(port) });
		await expect(server.ready).rejects.toThrow(`Port ${String(port)} is taken by another program`);
		await expect(stat(dataDir)).rejects.toThrow('ENOENT');
		other.close();
	});
});
