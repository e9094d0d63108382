import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../client/api.ts';
import { connect } from '../client/connect.ts';
import { findUser } from '../client/find-user.ts';
import { AuditPage, type AuditEvent } from '../client/replies.ts';
import { usageError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { toPlainText } from '../session/plain-text.ts';

interface TailOptions {
	readonly lines: string;
	readonly follow?: true | undefined;
	readonly user?: string | undefined;
	readonly action?: string | undefined;
	readonly outcome?: string | undefined;
}

type Filter = Readonly<Record<string, string | undefined>>;

const pageSize = 200;
const pollMs = 2_000;

/** Prints the newest events, oldest first; with `--follow` also those that come, until Ctrl-C. */
export async function tail(context: Context, options: TailOptions): Promise<void> {
	const { output } = context;
	const lines = Number(options.lines);
	if (!/^\d{1,4}$/.test(options.lines) || lines < 1) throw usageError('--lines takes a number from 1 to 9999.');
	const { api } = await connect(context);
	const user = options.user === undefined ? undefined : (await findUser(api, options.user)).id;
	const filter = { user, action: options.action, outcome: options.outcome };
	let last = print(context, await readNewest(api, filter, (events) => events.length >= lines, lines), 0);
	while (options.follow && !output.closed.aborted) {
		const isAborted = await sleep(pollMs, false, { signal: output.closed }).catch(() => true);
		if (isAborted) break;
		const known = last;
		const events = await readNewest(api, filter, (read) => read.some(({ id }) => id <= known), Infinity);
		last = print(
			context,
			events.filter(({ id }) => id > known),
			last
		);
	}
}

/** Reads pages of events, newest first, until there are enough; returns at most so many. */
async function readNewest(
	api: Api,
	filter: Filter,
	isEnough: (events: readonly AuditEvent[]) => boolean,
	most: number
): Promise<AuditEvent[]> {
	const events: AuditEvent[] = [];
	let cursor: string | undefined;
	do {
		const query = { ...filter, cursor, limit: Math.min(most, pageSize) };
		const page = await api.call('GET /admin/audit-events', AuditPage, { query });
		events.push(...page.events);
		cursor = page.next ?? undefined;
	} while (cursor !== undefined && !isEnough(events));
	return events.slice(0, most);
}

/** Prints events, oldest first; returns the ID of the newest. */
function print({ output }: Context, newestFirst: readonly AuditEvent[], last: number): number {
	for (const event of newestFirst.toReversed()) output.event(event, describe(event));
	return Math.max(last, ...newestFirst.map(({ id }) => id));
}

function describe({ at, action, outcome, reason, actor, subject, address }: AuditEvent): string {
	const nameOf = (person: AuditEvent['actor']) => person?.email ?? person?.name ?? '-';
	const parts = [at, action, outcome, `by ${nameOf(actor)}`, ...(subject ? [`on ${nameOf(subject)}`] : [])];
	return toPlainText(
		[...parts, ...(address === null ? [] : [`from ${address}`]), ...(reason === null ? [] : [`(${reason})`])].join('  ')
	);
}
