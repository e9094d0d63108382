import {
	getAvatarColor,
	getAvatarColorBySum,
	avatarColors,
	type AvatarColor
} from '#lib/contract/users/avatar-color.ts';
import { UserLicense } from '#lib/contract/users/user.ts';
import { copiedColumns, type CopiedColumn } from './user-export-stream.repository.ts';
import { PgCopyJsonEncoder, Literal } from './pg-copy-json-encoder.ts';

/** What a cell needs from the cells before it. */
interface Row {
	/** The position of the email. */
	email: number;
}

type Write = (json: PgCopyJsonEncoder, row: Row) => void;

const quoted = (word: string) => new Literal(`"${word}"`);
const firstByte = (word: string) => word.charCodeAt(0);

const colors = new Map<string, Literal>(avatarColors.map((name) => [name, quoted(name)]));

/** Returns the color derived from the email. Decoding each email to a string would take half as long as everything else. */
function defaultColor(json: PgCopyJsonEncoder, { email }: Row): AvatarColor {
	const sum = json.asciiSumAt(email);
	return sum === null ? getAvatarColor(json.textAt(email)) : getAvatarColorBySum(sum);
}

const noColor = quoted('primary');
const color: Write = (json, row) => {
	const chosen = colors.get(json.read() ?? '');
	json.literal(chosen ?? colors.get(defaultColor(json, row)) ?? noColor);
};

const active = quoted('active');
const otherStatuses = new Map(['removing', 'deleted'].map((name) => [firstByte(name), quoted(name)]));
const status: Write = (json) => json.literal(otherStatuses.get(json.readFirstByte()) ?? active);

const nothing = new Literal('null');
const license: Write = (json) => {
	const stored = json.read();
	if (stored === null) json.literal(nothing);
	else json.value(UserLicense.safeParse(JSON.parse(stored)).data ?? null);
};

const uuid: Write = (json) => json.uuid();
const text: Write = (json) => json.text();
const flag: Write = (json) => json.flag();
const moment: Write = (json) => json.moment();

const writers: Readonly<Record<CopiedColumn, Write>> = {
	id: uuid,
	email: (json, row) => {
		row.email = json.position;
		json.text();
	},
	name: text,
	profileImagePath: text,
	avatarColor: color,
	profileChangedAt: moment,
	storageLabel: text,
	shouldChangePassword: flag,
	isAdmin: flag,
	createdAt: moment,
	deletedAt: moment,
	updatedAt: moment,
	oauthId: text,
	quotaSizeInBytes: (json) => json.number(),
	// Negative usage is a bookkeeping error.
	quotaUsageInBytes: (json) => json.naturalNumber(),
	status,
	license,
	clusterGroupId: uuid
};

const fields = copiedColumns.map((name, index) => ({
	key: new Literal(`${index === 0 ? '{' : ','}"${name}":`),
	write: writers[name]
}));
const comma = new Literal(',');
const end = new Literal('}');

/** The size of a row besides its cells: names, quotes, `null`. In bytes. */
const longestRest = fields.reduce((sum, { key }) => sum + key.length + 16, 16);

/**
 * Writes lines of users as the JSON of `UserAdminResponseDto`, separated by commas. Building and stringifying objects would
 * take seconds for 100,000 users; a test compares these bytes with the schema's output. fast-json-stringify over rows of a cursor
 * takes 2.3 to 7 times the CPU time: docs/decisions/031, `npm run bench -- list-encoding`.
 */
export function usersJson(lines: Uint8Array): Uint8Array {
	const json = new PgCopyJsonEncoder(lines);
	const row: Row = { email: 0 };
	for (let isFirst = true; json.hasMore; isFirst = false) {
		json.reserveLine(longestRest);
		if (!isFirst) json.literal(comma);
		for (const { key, write } of fields) {
			json.literal(key);
			write(json, row);
		}
		json.literal(end);
	}
	return json.written;
}
