const segmenter = new Intl.Segmenter();
const firstLetter = (word: string): string => [...segmenter.segment(word)][0]?.segment ?? '';

/** A person's name and address; names may be of any script. */
export function Person({ name, email }: { readonly name: string; readonly email: string }) {
  const letters = name.trim().split(/\s+/).map(firstLetter);
  const initials = letters.slice(0, 2).join('').toUpperCase();
  return (
    <span className="person">
      <span className="avatar" aria-hidden>
        {initials === '' ? '?' : initials}
      </span>
      <span className="who">
        <span className="name" dir="auto">
          {name === '' ? '(no name)' : name}
        </span>
        <span className="mail" dir="auto">
          {email}
        </span>
      </span>
    </span>
  );
}
