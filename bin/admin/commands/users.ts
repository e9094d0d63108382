import type { UserAdmin } from '#lib/contract/users/user.ts';
import { JsonBytes } from '#lib/contract/operation.ts';
import { isOutputClosed, printable, say, write } from '../output.ts';
import { askEmail, type EmailOptions } from '../prompts.ts';
import { withServer } from '../server.ts';

/** Makes a user an admin. */
export const grantAdmin = (options: EmailOptions): Promise<void> =>
	setAdmin(options, true, 'Admin access has been granted to');

/** Takes a user's admin rights, unless no admin who can sign in would be left. */
export const revokeAdmin = (options: EmailOptions): Promise<void> =>
	setAdmin(options, false, 'Admin access has been revoked from');

async function setAdmin(options: EmailOptions, isAdmin: boolean, done: string): Promise<void> {
	const askedEmail = await askEmail(options);
	await withServer(async ({ services: { userAdmin, userRecovery }, auth }) => {
		const { id, email } = await userRecovery.findByEmail(askedEmail);
		await userAdmin.update(auth, id, { isAdmin });
		say(`${done} ${printable(email)}`);
	});
}

export interface ListOptions {
	readonly json?: true;
}

/** Lists all users, deleted ones too: as JSON for programs, or a line each for a terminal. */
export const listUsers = ({ json }: ListOptions): Promise<void> =>
	withServer(async ({ services: { userAdmin } }) => {
		const isTable = !json && process.stdout.isTTY;
		if (isTable) say(toLine('ID', 'ROLE', 'STATUS', 'EMAIL', 'NAME'));
		let isFirst = true;
		for await (const part of userAdmin.stream({ withDeleted: true })) {
			if (isOutputClosed()) return;
			const text = part instanceof JsonBytes ? Buffer.from(part.bytes).toString() : JSON.stringify(part);
			if (text === '') continue;
			// The text is a part of an array: users separated by commas.
			if (isTable) await write((JSON.parse(`[${text}]`) as UserAdmin[]).map(toRow).join(''));
			else await write(`${isFirst ? '[' : ',\n'}${text}`);
			isFirst = false;
		}
		if (!isTable) say(isFirst ? '[]' : ']');
	});

const widths = { id: 36, role: 5, status: 8, email: 34 };

const toLine = (id: string, role: string, status: string, email: string, name: string): string =>
	[id.padEnd(widths.id), role.padEnd(widths.role), status.padEnd(widths.status), email.padEnd(widths.email), name].join(
		'  '
	);

const toRow = ({ id, isAdmin, status, email, name }: UserAdmin): string =>
	`${toLine(id, isAdmin ? 'admin' : 'user', status, printable(email), printable(name))}\n`;
