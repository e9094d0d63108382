import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Accounts } from '#tests/support/accounts.ts';
import { useDoctor } from '#tests/support/doctor.ts';
import { createSender } from '#tests/support/http.ts';
import { startMailServer } from '#tests/support/mail.ts';
import { selfSigned } from '#tests/support/self-signed.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

const doctor = useDoctor();

describe('the doctor and the way to the server', { timeout: 180_000 }, () => {
	/** A reverse proxy with TLS, which sends these headers. */
	async function startProxy(headers: Record<string, string>, keepsHost: boolean) {
		const proxy = https.createServer(selfSigned, (request, response) => {
			const { host, ...rest } = request.headers;
			const onward = http.request(
				{
					port: doctor.it.server.port,
					method: request.method,
					path: request.url,
					headers: { ...rest, host: keepsHost ? host : `localhost:${String(doctor.it.server.port)}`, ...headers }
				},
				(reply) => {
					response.writeHead(reply.statusCode ?? 502, reply.headers);
					reply.pipe(response);
				}
			);
			request.pipe(onward);
		});
		await once(proxy.listen(0, '127.0.0.1'), 'listening');
		const { port } = proxy.address() as AddressInfo;
		return { origin: `https://localhost:${String(port)}`, close: () => proxy.close() };
	}

	afterEach(() => doctor.it.forgetSystem());

	it.each([
		[{ 'x-forwarded-proto': 'https' }, true, null],
		[{}, true, 'The server does not see that requests to ORIGIN are encrypted.'],
		[
			{ 'x-forwarded-proto': 'https' },
			false,
			'The server does not take itself for ORIGIN, so browsers’ forms can be refused.'
		]
	] as const)('behind a proxy that sends %j, with the host kept: %s', async (headers, keepsHost, expected) => {
		const proxy = await startProxy({ ...headers, 'x-forwarded-for': '203.0.113.7' }, keepsHost);
		const ca = path.join(doctor.it.dataDir, 'ca.pem');
		await writeFile(ca, selfSigned.cert);
		try {
			await doctor.it.saveSystem({ server: { externalDomain: proxy.origin } });
			const { bad } = await doctor.it.examine({ NODE_EXTRA_CA_CERTS: ca });
			const words = expected?.replace('ORIGIN', proxy.origin);
			expect(bad).toEqual(words === undefined ? [] : [`warning proxy headers: ${words}`]);
			const untrusted = await doctor.it.examine();
			expect(untrusted.bad).toEqual([
				expect.stringMatching(
					/^warning proxy headers: https:\/\/localhost:\d+ cannot be reached from this machine: .*certificate/i
				)
			]);
		} finally {
			proxy.close();
			await rm(ca);
		}
	});

	it('notices another program at the external domain', async () => {
		const other = http.createServer((_, response) => response.end('hello'));
		await once(other.listen(0, '127.0.0.1'), 'listening');
		const origin = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
		try {
			await doctor.it.saveSystem({ server: { externalDomain: origin } });
			expect((await doctor.it.examine()).bad).toEqual([
				`warning proxy headers: ${origin} is answered by another program (status 200).`
			]);
		} finally {
			other.close();
		}
	});

	it('notices that everyone signs in from the address of a proxy', async () => {
		const { database, server } = doctor.it;
		const { send, close } = createSender(server.url);
		const accounts = new Accounts(database.prisma, await readSessionSecret(database.prisma));
		for (let count = 0; count < 3; count++) {
			const { email } = await accounts.makeUser();
			await send('POST', '/api/auth/login', { body: { email, password: 'correct horse battery' } });
		}
		close();
		expect((await doctor.it.examine()).bad).toEqual([
			expect.stringMatching(/^warning proxy headers: 3 users have all signed in from 127\.0\.0\.1/)
		]);
	});
});

describe('the doctor and mail', { timeout: 180_000 }, () => {
	afterEach(() => doctor.it.forgetSystem());

	it('tries the mail server', async () => {
		const mail = await startMailServer();
		const transport = { host: '127.0.0.1', port: mail.port, secure: false, ignoreCert: true, username: 'photos' };
		const save = (password: string) =>
			doctor.it.saveSystem({ notifications: { smtp: { enabled: true, transport: { ...transport, password } } } });
		const bad = async () => (await doctor.it.examine()).bad.filter((line) => line.includes('mail:'));
		try {
			await save('mail secret');
			expect(await bad()).toEqual([]);
			await save('wrong');
			expect(await bad()).toEqual([
				`problem mail: 127.0.0.1:${String(mail.port)}: The mail server refuses this user name or password.`
			]);
		} finally {
			await mail.close();
		}
		expect(await bad()).toEqual([expect.stringMatching(/The mail server cannot be reached\.$/)]);
	});
});
