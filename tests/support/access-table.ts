import { filesIn, readSource } from './source-files.ts';

/** The access of one entry point, as reviewed by hand. */
export interface ReviewedAccess {
	/** `GET /api/users`, `/auth/login?/default` for a form, `page /auth/login` for a page. */
	readonly entrance: string;
	/** The operation ID; `-` for a page. */
	readonly operation: string;
	readonly who: 'anyone' | 'user' | 'admin';
	/** The permission an API key needs: `all`, `none` if any key will do, `-` if no credential is needed. */
	readonly permission: string;
	readonly whilePasswordChangeRequired: boolean;
	readonly duringMaintenance: boolean;
	/** Requires a session elevated by PIN or password. */
	readonly unlocked: boolean;
}

const isWho = (text: string): text is ReviewedAccess['who'] => ['anyone', 'user', 'admin'].includes(text);

function readFlag(text: string): boolean {
	if (text !== 'yes' && text !== 'no') throw new Error(`Neither yes nor no in the access table: ${text}`);
	return text === 'yes';
}

function readLine(line: string): ReviewedAccess {
	const [entrance, operation, who, permission, change, maintenance, unlocked, ...rest] = line.split('\t');
	if (!entrance || !operation || !who || !isWho(who) || !permission || !change || !maintenance || !unlocked || rest[0])
		throw new Error(`A malformed line of the access table: ${line}`);
	return {
		entrance,
		operation,
		who,
		permission,
		whilePasswordChangeRequired: readFlag(change),
		duringMaintenance: readFlag(maintenance),
		unlocked: readFlag(unlocked)
	};
}

const header = 'entrance\toperation\twho\tkey needs\tpassword change required\tmaintenance\tunlocked';

/** Reads a feature's part of the table; it has at least one row. */
function readFile(file: string): ReviewedAccess[] {
	const [first, ...lines] = readSource(file).trimEnd().split('\n');
	if (first !== header || lines.length === 0) throw new Error(`Not a part of the access table: ${file}`);
	return lines.map(readLine);
}

/** The parts of the table by file, one per feature. */
export const accessFiles: ReadonlyMap<string, readonly ReviewedAccess[]> = new Map(
	filesIn('tests/contract/access', /\./).map((file) => [file, readFile(file)])
);

/**
 * The access of every operation, form and page, maintained by hand in tests/contract/access/<feature>.tsv and never
 * generated from the contract, so that a weakened row of the contract differs from it.
 */
export const accessTable: readonly ReviewedAccess[] = [...accessFiles.values()].flat();

const pagePrefix = 'page ';

/** The reviewed pages, by route ID. */
export const reviewedPages: readonly (ReviewedAccess & { readonly route: string })[] = accessTable
	.filter(({ entrance }) => entrance.startsWith(pagePrefix))
	.map((row) => ({ ...row, route: row.entrance.slice(pagePrefix.length) }));

/** The reviewed forms, by route ID and action. */
export const reviewedForms = accessTable
	.filter(({ entrance }) => entrance.startsWith('/'))
	.map((row) => {
		const [route = '', action = ''] = row.entrance.split('?/');
		return { ...row, route, action };
	});
