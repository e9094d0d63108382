import { pino, type Logger } from 'pino';

// Readable output is for terminals only, so its library is loaded only then.
const pretty = process.stdout.isTTY ? (await import('pino-pretty')).default : null;

export type Log = Logger;

/** Maps Immich's level names to pino's. */
const levels = { verbose: 'trace', debug: 'debug', log: 'info', warn: 'warn', error: 'error', fatal: 'fatal' } as const;

type Level = keyof typeof levels;

/** Sets the log's minimum level, or silences it. */
export function setLogging(log: Log, { enabled, level }: { enabled: boolean; level: Level }): void {
	log.level = enabled ? levels[level] : 'silent';
}

/** The loggable part of an error; other fields can hold client input, such as the `detail` of a unique violation. */
function describeFailure(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	const { type, message, stack, code } = pino.stdSerializers.err(error);
	return { type, message, code: code as unknown, stack };
}

/** A log that is never written, for commands, which report their own failures. */
export const createSilentLog = (): Log => pino({}, { write: () => undefined });

/** Logs JSON lines, or readable ones to a terminal. Secrets, hashes, tokens and emails must never be logged. */
export function createLog(level: Level = 'log'): Log {
	const options = { level: levels[level], base: null, errorKey: 'error', serializers: { error: describeFailure } };
	return pretty
		? pino(options, pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
		: pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime });
}
