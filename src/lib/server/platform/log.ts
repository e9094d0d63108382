import { pino, type Logger } from 'pino';

// Only a terminal gets readable lines, and only then is the library for them loaded.
const pretty = process.stdout.isTTY ? (await import('pino-pretty')).default : null;

export type Log = Logger;

/** Immich's names of levels, as pino has them. */
const levels = { verbose: 'trace', debug: 'debug', log: 'info', warn: 'warn', error: 'error', fatal: 'fatal' } as const;

type Level = keyof typeof levels;

/** Lets the log write from this level on, or not at all. */
export function setLogging(log: Log, { enabled, level }: { enabled: boolean; level: Level }): void {
	log.level = enabled ? levels[level] : 'silent';
}

/** What a log tells of a failure; its other fields can hold what a client sent, such as the `detail` of a unique violation. */
function describeFailure(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	const { type, message, stack, code } = pino.stdSerializers.err(error);
	return { type, message, code: code as unknown, stack };
}

/** Writes lines of JSON, or readable ones to a terminal. No secret, hash, token or e-mail ever goes in. */
export function createLog(level: Level = 'log'): Log {
	const options = { level: levels[level], base: null, errorKey: 'error', serializers: { error: describeFailure } };
	return pretty
		? pino(options, pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
		: pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime });
}
