import { once } from 'node:events';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface MailServer {
	readonly port: number;
	close(): Promise<void>;
}

/** Starts a mail server on loopback. Its certificate is nobody's, and one person may sign in. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
	const server = new SMTPServer({
		logger: false,
		onAuth: ({ username, password }, _, done) =>
			username === 'photos' && password === 'mail secret' ? done(null, { user: username }) : done(new Error('No')),
		...options
	});
	// A client that hangs up on the certificate is what some tests are about.
	server.on('error', () => undefined);
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const address = server.server.address();
	if (address === null || typeof address === 'string') throw new Error('The mail server has no port');
	return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
