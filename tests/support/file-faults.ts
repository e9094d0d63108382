import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Operation = 'chmod' | 'chown' | 'link';

/** Makes file operations fail as a file system without hard links or modes does, such as exFAT, while something runs. */
export async function withFileFaults<T>(
	codes: Readonly<Partial<Record<Operation, string | null>>>,
	run: () => Promise<T>
): Promise<T> {
	const { chmod, chown, link } = fs.promises;
	const failing = (name: Operation, real: (typeof fs.promises)[Operation]) => {
		const code = codes[name];
		if (code === undefined) return real;
		// Null: it claims to have done it, and has not.
		return code === null
			? () => Promise.resolve()
			: () => Promise.reject(Object.assign(new Error(`${code}: ${name}`), { code }));
	};
	Object.assign(fs.promises, {
		chmod: failing('chmod', chmod),
		chown: failing('chown', chown),
		link: failing('link', link)
	});
	syncBuiltinESMExports();
	try {
		return await run();
	} finally {
		Object.assign(fs.promises, { chmod, chown, link });
		syncBuiltinESMExports();
	}
}
