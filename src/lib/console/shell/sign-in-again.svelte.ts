import { getContext, setContext } from 'svelte';

/** Asks the user to sign in again on the page, so that nothing on it is lost. */
export class SignInAgain {
	isOpen = $state(false);
	#waiting: ((isSignedIn: boolean) => void)[] = [];

	/** The session has ended. */
	readonly open = (): void => {
		this.isOpen = true;
	};

	/** Opens the dialog and resolves to whether the user signed in. */
	prompt(): Promise<boolean> {
		this.isOpen = true;
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Closes the dialog with its result. */
	finish(isSignedIn: boolean): void {
		this.isOpen = false;
		for (const resolve of this.#waiting.splice(0)) resolve(isSignedIn);
	}
}

const key = Symbol('sign in again');

export const provideSignInAgain = (): SignInAgain => setContext(key, new SignInAgain());

/** Returns the shell's instance; null on pages without a shell. Call during component setup. */
export const findSignInAgain = (): SignInAgain | null => getContext<SignInAgain | undefined>(key) ?? null;
