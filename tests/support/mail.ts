import { once } from 'node:events';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface MailServer {
	readonly port: number;
	close(): Promise<void>;
}

/** Starts a mail server on loopback, with a self-signed certificate and one user. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
	const server = new SMTPServer({
		logger: false,
		onAuth: ({ username, password }, _, done) =>
			username === 'photos' && password === 'mail secret' ? done(null, { user: username }) : done(new Error('No')),
		...options
	});
	// Some tests are about clients that hang up on the certificate.
	server.on('error', () => undefined);
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const address = server.server.address();
	if (address === null || typeof address === 'string') throw new Error('The mail server has no port');
	return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
