import { z } from 'zod';
import type { SystemConfig } from '#lib/contract/settings/document/index.ts';

export type MailServer = SystemConfig['notifications']['smtp']['transport'];

/** Why a mail server would accept no mail from us, and the setting that is probably wrong. */
export interface MailFault {
	readonly setting: keyof MailServer;
	readonly words: string;
	readonly cause: unknown;
}

/** The timeout for each step of the connection. */
const timeoutMs = 5_000;

const Coded = z.object({ code: z.string().optional(), originalCode: z.string().optional(), message: z.string() });

/** Connects, encrypts and signs in as for a message, but sends none; null if the server would accept one. */
export async function findMailFault(server: MailServer): Promise<MailFault | null> {
	const { host, port, secure, ignoreCert, username, password } = server;
	if (host === '') return { setting: 'host', words: 'Enter the mail server’s host name.', cause: undefined };
	// Loaded on first use, because it is large and rarely needed.
	const { createTransport } = await import('nodemailer');
	const transport = createTransport({
		host,
		port,
		secure,
		...(username !== '' && { auth: { user: username, pass: password } }),
		tls: { rejectUnauthorized: !ignoreCert },
		dnsTimeout: timeoutMs,
		connectionTimeout: timeoutMs,
		greetingTimeout: timeoutMs,
		socketTimeout: timeoutMs
	});
	try {
		await transport.verify();
		return null;
	} catch (error) {
		return toMailFault(error);
	} finally {
		transport.close();
	}
}

function toMailFault(cause: unknown): MailFault {
	const { code, originalCode = '', message } = Coded.safeParse(cause).data ?? { message: '' };
	if (code === 'EAUTH')
		return { setting: 'username', words: 'The mail server refuses this user name or password.', cause };
	if (/CERT|ALTNAME|SIGNATURE/.test(originalCode))
		return { setting: 'ignoreCert', words: 'The mail server’s certificate cannot be trusted.', cause };
	if (originalCode.startsWith('ERR_SSL') || message === 'Greeting never received')
		return {
			setting: 'secure',
			words: 'Unexpected response from the mail server. Check the port and TLS setting.',
			cause
		};
	return { setting: 'host', words: 'The mail server cannot be reached.', cause };
}
