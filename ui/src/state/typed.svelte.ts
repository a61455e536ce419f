// The name that the user types to log in. All forms of a tenant share it, so that it is typed only once.

const PHONE = /^\+?[\d\s().-]{5,}$/;

type Kind = "name" | "email" | "phone";

const fits: Record<Kind, (text: string) => boolean> = {
  name: (text) => !text.startsWith("+"),
  email: (text) => text.includes("@"),
  phone: (text) => PHONE.test(text),
};

export class Typed {
  #typed = $state<{ as: Kind; text: string }>();
  readonly #filledIn: () => string;

  /** `filledIn` is known from the last log-in: an e-mail address, a user name or a phone number. */
  constructor(filledIn: () => string) {
    this.#filledIn = filledIn;
  }

  /** E-mail address or user name. */
  get name(): string {
    return this.#as("name");
  }

  set name(text: string) {
    this.#typed = { as: "name", text };
  }

  get email(): string {
    return this.#as("email");
  }

  set email(text: string) {
    this.#typed = { as: "email", text };
  }

  get phone(): string {
    return this.#as("phone");
  }

  set phone(text: string) {
    this.#typed = { as: "phone", text };
  }

  /** A field keeps its own text. The text of another field is offered only where it fits. */
  #as(kind: Kind): string {
    const { as, text } = this.#typed ?? { as: undefined, text: this.#filledIn() };
    return as === kind || fits[kind](text) ? text : "";
  }
}
