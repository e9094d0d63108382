import { beforeNavigate, invalidateAll } from '$app/navigation';
import { applyAction, enhance } from '$app/forms';
import type { ActionResult, SubmitFunction } from '@sveltejs/kit';
import { tick, untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { baseOf, clearSecrets, differingNames, dropDraft, readForm, restoreDraft, saveDraft } from './draft.ts';
import { findSignInAgain } from '../shell/sign-in-again.svelte.ts';
import { findToasts } from '../shell/toast-manager.svelte.ts';

export interface FormOptions {
	/** Keeps what was typed over a reload of the tab, under this name; make it unique per page and record. */
	readonly draft?: string;
	/** Asks before leaving with changes that were not sent. */
	readonly isGuarded?: boolean;
	/** Leaves scrolling and focus as they are when the answer leads back to the same page: for a form in a list. */
	readonly isInPlace?: boolean;
	/** Said in a toast when the server has accepted the form. */
	readonly success?: string;
	/** Tells whether an accepted form is done with; until then what was typed stays, and nothing is said of a success. */
	readonly isDone?: (data: Record<string, unknown> | undefined) => boolean;
	/** Called after a success and before the page is updated. */
	readonly onSuccess?: (data: Record<string, unknown> | undefined) => void;
	/**
	 * Keeps the place where the form leads back to its own page, as one of many in a list does, and tells where the focus may
	 * go, best first; some of these may be gone by then.
	 */
	readonly findFocus?: (form: HTMLFormElement) => readonly HTMLElement[];
}

/** Why a form could not be processed, where the action itself gave no answer. */
export interface FormFailure {
	readonly message: string;
	readonly correlationId: string | null;
}

const leaveQuestion = 'Leave this page? What you changed here has not been saved.';
const signedOut: FormFailure = {
	message: 'You are signed out. What you typed is still here: sign in again and send it once more.',
	correlationId: null
};
const unreachable = 'The server could not be reached. Your input is still here: try again.';

/**
 * Makes a form better where JavaScript runs; without, it posts as it is. Call it while a component is set up:
 *     const form = createForm({ isGuarded: true });
 *     <form method="POST" {@attach form.enhance}>
 */
export const createForm = (options: FormOptions = {}): FormManager => new FormManager(options);

export class FormManager {
	readonly #options: FormOptions;
	readonly #toasts = findToasts();
	readonly #again = findSignInAgain();
	#element: HTMLFormElement | null = null;
	#base = '';
	#pristine = '';
	#draftTimer: ReturnType<typeof setTimeout> | undefined;
	#hasAsked = false;

	isSubmitting = $state(false);
	isDirty = $state(false);
	/** The fields that hold something else than what is saved. */
	changedNames = $state.raw<readonly string[]>([]);
	/** Tells that a draft was put back; offer discardDraft() then. */
	isRestored = $state(false);
	/** Set when the answer came from no action: network lost, refused at the door, unexpected error. */
	failure = $state.raw<FormFailure | null>(null);

	constructor(options: FormOptions) {
		this.#options = options;
		if (options.isGuarded) this.#guard();
	}

	readonly enhance: Attachment<HTMLFormElement> = (form) => {
		this.#element = form;
		this.#base = baseOf(form);
		this.#pristine = readForm(form);
		const enhanced = enhance(form, this.#submit);
		const listeners = new AbortController();
		const { signal } = listeners;
		form.addEventListener('input', this.#onInput, { signal });
		form.addEventListener('change', this.#onInput, { signal });
		form.addEventListener('invalid', this.#onInvalid, { signal, capture: true });
		const { draft } = this.#options;
		// The fields' handlers run in here; what they read must not make the form be set up anew.
		if (draft !== undefined) this.isRestored = untrack(() => restoreDraft(draft, form));
		return () => {
			listeners.abort();
			enhanced.destroy();
			clearTimeout(this.#draftTimer);
			this.#element = null;
		};
	};

	/** Puts the server's values back. */
	readonly discardDraft = (): void => {
		this.#forgetDraft();
		location.reload();
	};

	readonly #onInput = (): void => {
		if (this.#element === null) return;
		const now = readForm(this.#element);
		this.isDirty = now !== this.#pristine;
		this.changedNames = this.isDirty ? differingNames(this.#pristine, now) : [];
		clearTimeout(this.#draftTimer);
		this.#draftTimer = setTimeout(this.#saveDraft, 300);
	};

	readonly #saveDraft = (): void => {
		if (this.#options.draft === undefined || this.#element === null) return;
		if (this.isDirty) saveDraft(this.#options.draft, this.#element, this.#base);
		else dropDraft(this.#options.draft);
	};

	#forgetDraft(): void {
		clearTimeout(this.#draftTimer);
		this.isDirty = false;
		this.isRestored = false;
		if (this.#options.draft !== undefined) dropDraft(this.#options.draft);
	}

	/** The fields explain themselves (FieldError) and silence the browser's bubble, so its focusing is ours to do. */
	readonly #onInvalid = (): void => {
		if (this.#hasAsked) return;
		this.#hasAsked = true;
		queueMicrotask(() => {
			this.#hasAsked = false;
			this.#element?.querySelector<HTMLElement>(':is(input, select, textarea):invalid')?.focus();
		});
	};

	readonly #submit: SubmitFunction = ({ cancel, formElement, submitter }) => {
		// A second click while the first is on its way sends nothing.
		if (this.isSubmitting) return cancel();
		this.isSubmitting = true;
		this.failure = null;
		return async ({ result, update }) => {
			try {
				if (!isSignedOut(result) || !this.#again) return await this.#settle(result, update, formElement);
				this.#saveDraft();
				if (!(await this.#again.ask())) return void (this.failure = signedOut);
			} finally {
				this.isSubmitting = false;
			}
			// Signed in again over the page: the same form, as it stands, is sent once more.
			formElement.requestSubmit(submitter);
		};
	};

	async #settle(
		result: ActionResult,
		update: (options: { reset: boolean }) => Promise<void>,
		form: HTMLFormElement
	): Promise<void> {
		if (result.type === 'success' && this.#options.isDone?.(result.data) === false) {
			await update({ reset: false });
			await tick();
			focusFirstError(form);
			return;
		}
		if (result.type === 'success' || result.type === 'redirect') {
			// Sent to sign in again: what was typed is wanted after that.
			if (isSignedOut(result)) this.#saveDraft();
			else this.#succeed(result.type === 'success' ? result.data : undefined, form);
			this.isDirty = false;
			const goBack = this.#options.isInPlace ? rememberPlace() : undefined;
			if (isLedHere(result) && this.#options.findFocus) await stay(this.#options.findFocus(form));
			else await update({ reset: false });
			await tick();
			goBack?.();
			this.#takeAsSaved(form);
			return;
		}
		if (result.type === 'failure') {
			await update({ reset: false });
			await tick();
			focusFirstError(form);
			return;
		}
		// Kit would replace the page by an error page, and with it everything typed.
		this.failure = toFailure(result);
		await tick();
		focusFirstError(form);
	}

	#succeed(data: Record<string, unknown> | undefined, form: HTMLFormElement): void {
		this.#forgetDraft();
		// What was taken over is neither kept nor found missing.
		if (clearSecrets(form)) form.reset();
		this.#options.onSuccess?.(data);
		if (this.#options.success !== undefined) this.#toasts?.success(this.#options.success);
	}

	#takeAsSaved(form: HTMLFormElement): void {
		if (!form.isConnected) return;
		this.#base = baseOf(form);
		this.#pristine = readForm(form);
		this.isDirty = false;
		this.changedNames = [];
	}

	#guard(): void {
		beforeNavigate(({ cancel, willUnload }) => {
			if (!this.isDirty || this.isSubmitting) return;
			// On unloading the browser itself asks, once it is told to.
			if (willUnload || !confirm(leaveQuestion)) cancel();
			else this.#forgetDraft();
		});
	}
}

const isSignedOut = (result: ActionResult): boolean =>
	result.type === 'redirect' && result.location.startsWith('/auth/login');

/** Remembers where the reader is, and gives what leads back there unless another page has been opened. */
function rememberPlace(): () => void {
	const { pathname } = location;
	const [top, focused] = [scrollY, document.activeElement];
	return () => {
		if (location.pathname !== pathname) return;
		scrollTo({ top, behavior: 'instant' });
		if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
	};
}

/** Tells that the answer leads to the page that is open. */
const isLedHere = (result: ActionResult): boolean =>
	result.type === 'redirect' && result.location === location.pathname + location.search;

/** Reads the page's data again without going anywhere: Kit would scroll to the top and drop the focus. */
async function stay(places: readonly HTMLElement[]): Promise<void> {
	await applyAction({ type: 'success', status: 200 });
	await invalidateAll();
	await tick();
	places.find(({ isConnected }) => isConnected)?.focus();
}

/** Moves the focus to the message over the form, or to the first field that was refused. */
function focusFirstError(form: HTMLFormElement): void {
	const alert = document.querySelector<HTMLElement>('[data-form-alert]');
	const field = form.querySelector<HTMLElement>('[aria-invalid="true"]');
	(alert ?? field)?.focus();
}

/** Reads what may be anything: Kit's error result, the door's JSON answer, or a failed fetch. */
function toFailure(answer: unknown): FormFailure {
	const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : answer;
	if (!isRecord(error) || error instanceof Error) return { message: unreachable, correlationId: null };
	const { message, correlationId } = error;
	return {
		message: typeof message === 'string' ? message : unreachable,
		correlationId: typeof correlationId === 'string' ? correlationId : null
	};
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
