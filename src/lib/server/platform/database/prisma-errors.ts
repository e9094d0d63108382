import { userNotFound } from '../errors.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Prisma's codes for a missing row and for a reference to one. */
const missingRowCodes = ['P2025', 'P2003'];

/**
 * Runs a write to a user who may have been deleted since being looked up.
 * @throws {AppError} 400 if so
 */
export async function ignoreMissingRow<Result>(write: Promise<Result>): Promise<Result> {
	try {
		return await write;
	} catch (error) {
		if (error instanceof Prisma.PrismaClientKnownRequestError && missingRowCodes.includes(error.code))
			throw userNotFound();
		throw error;
	}
}

/**
 * Returns the name of the unique constraint that a write violated, such as `user_email_uq`, or undefined for any other error.
 * Prisma itself doesn't report the name; it is in what the driver adapter attaches.
 */
export function readUniqueViolation(error: unknown): string | undefined {
	if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') return undefined;
	return getText(getValue(getDriverCause(error), 'constraint'), 'index') || undefined;
}

/** Network error codes. Some connection errors share their code with file errors: those count only while connecting. */
const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'];
const connectingCodes = [...networkCodes, 'ENOENT', 'EACCES', 'EAI_AGAIN'];

/**
 * PostgreSQL's classes 08 (connection) and 57P (shutting down, starting), too many connections, and read-only transaction,
 * which a server returns after becoming a standby.
 */
const unavailableStates = /^(08...|57P0.|53300|25006)$/;

/** Prisma: unreachable, timed out, connection closed, no free connection, too many connections. */
const prismaCodes = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037'];
/** The same errors as named by Prisma's driver adapter, the only information there is for raw queries. */
const prismaKinds = ['DatabaseNotReachable', 'SocketTimeout', 'ConnectionClosed', 'TooManyConnections'];

/** Messages of errors from pg and its pool that have no code. */
const driverMessages =
	/^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Cannot use a pool after calling end)/;

/** Returns whether a request failed because the database is currently unavailable, not because of a bug. */
export function isDatabaseUnavailable(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const [code, syscall] = [getText(error, 'code'), getText(error, 'syscall')];
	if (error.name === 'PrismaClientInitializationError' || driverMessages.test(error.message)) return true;
	if (prismaCodes.includes(code) || unavailableStates.test(code)) return true;
	if (syscall === 'connect' || syscall === 'getaddrinfo') return connectingCodes.includes(code);
	if (networkCodes.includes(code)) return true;
	const cause = getDriverCause(error);
	const [originalCode, kind] = [getText(cause, 'originalCode'), getText(cause, 'kind')];
	return unavailableStates.test(originalCode) || networkCodes.includes(originalCode) || prismaKinds.includes(kind);
}

/** Returns the cause that Prisma's driver adapter attaches. */
const getDriverCause = (error: Error): unknown =>
	getValue(getValue(getValue(error, 'meta'), 'driverAdapterError'), 'cause');

const getValue = (holder: unknown, key: string): unknown =>
	typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;

function getText(holder: unknown, key: string): string {
	const value = getValue(holder, key);
	return typeof value === 'string' ? value : '';
}

/** Returns PostgreSQL's code of an error, also of one that Prisma wraps; empty without one. */
export function getSqlState(error: Error): string {
	const original = getText(getDriverCause(error), 'originalCode');
	return original || getText(error, 'code');
}
