/** A profile name that can't be the name of a folder. */
export class ProfileNameError extends Error {
	override readonly name = 'ProfileNameError';
}

/** A file in the configuration folder that can't be read or written; the message names it and the reason. */
export class SessionFileError extends Error {
	override readonly name = 'SessionFileError';
	readonly file: string;
	/** Whether the file could be read and its content is no session or no configuration. */
	readonly isMalformed: boolean;

	constructor(file: string, reason: string, options: { isMalformed?: boolean; cause?: unknown } = {}) {
		super(`${file}: ${reason}`, { cause: options.cause });
		this.file = file;
		this.isMalformed = options.isMalformed ?? false;
	}
}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'the folder does not exist',
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	EROFS: 'the file system is read-only',
	ENOSPC: 'no space left on the device',
	EDQUOT: 'the disk quota is exceeded',
	ENOTDIR: 'a part of the path is not a folder',
	EEXIST: 'a part of the path is not a folder',
	EISDIR: 'it is a folder',
	ENAMETOOLONG: 'the name is too long',
	ELOOP: 'too many symbolic links'
};

/** The code of an error of node:fs; empty for other errors. */
export const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Wraps an error of node:fs, so that the message names the file and the reason. */
export function fileError(file: string, what: 'read' | 'written' | 'created' | 'removed', cause: unknown) {
	const reason = reasons[codeOf(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
	return new SessionFileError(file, `can't be ${what}: ${reason}`, { cause });
}
