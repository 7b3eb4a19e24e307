//! A place among the tokens, and the small steps that every construct is read with.

use super::lexer::{Kind, Token};
use crate::ast::Name;
use kql_diag::{Diagnostic, Span, codes};

/// A fault was reported.
#[derive(Debug, Clone, Copy)]
pub struct Fault;

/// A result whose fault was reported.
pub type Res<T> = Result<T, Fault>;

pub struct Cursor<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
    pub diagnostics: Vec<Diagnostic>,
    /// How many of them are the lexer's.
    lexical: usize,
    /// Expressions inside each other.
    pub depth: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(tokens: &'t [Token<'t>], diagnostics: Vec<Diagnostic>) -> Self {
        Cursor {
            tokens,
            at: 0,
            lexical: diagnostics.len(),
            diagnostics,
            depth: 0,
        }
    }

    /// The token `n` ahead; the last one is the end.
    pub fn ahead(&self, n: usize) -> Token<'t> {
        let last = Token {
            kind: Kind::End,
            text: "",
            start: 0,
            end: 0,
        };
        self.tokens
            .get(self.at + n)
            .or(self.tokens.last())
            .copied()
            .unwrap_or(last)
    }

    pub fn peek(&self) -> Token<'t> {
        self.ahead(0)
    }

    pub fn next(&mut self) -> Token<'t> {
        let t = self.peek();
        if t.kind != Kind::End {
            self.at += 1;
        }
        t
    }

    /// The token before.
    pub fn before(&self) -> Option<Token<'t>> {
        self.at
            .checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .copied()
    }

    pub fn place(&self) -> usize {
        self.at
    }

    pub fn back_to(&mut self, place: usize) {
        self.at = place;
    }

    /// The end of the token before.
    pub fn last_end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .map_or(0, |t| t.end)
    }

    pub fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.last_end().max(start))
    }

    pub fn done(&self) -> bool {
        self.peek().kind == Kind::End
    }

    /// Whether the next token is this mark.
    pub fn is(&self, mark: &str) -> bool {
        let t = self.peek();
        t.kind == Kind::Mark && t.text == mark
    }

    pub fn is_ahead(&self, n: usize, mark: &str) -> bool {
        let t = self.ahead(n);
        t.kind == Kind::Mark && t.text == mark
    }

    /// Whether the next token is this word.
    pub fn is_word(&self, word: &str) -> bool {
        let t = self.peek();
        t.kind == Kind::Name && t.text == word
    }

    pub fn is_word_ahead(&self, n: usize, word: &str) -> bool {
        let t = self.ahead(n);
        t.kind == Kind::Name && t.text == word
    }

    /// Takes the mark if it is next.
    pub fn take(&mut self, mark: &str) -> bool {
        let yes = self.is(mark);
        if yes {
            self.at += 1;
        }
        yes
    }

    /// Takes the word if it is next.
    pub fn take_word(&mut self, word: &str) -> bool {
        let yes = self.is_word(word);
        if yes {
            self.at += 1;
        }
        yes
    }

    /// Takes the mark or reports that it is missing.
    pub fn expect(&mut self, mark: &str) -> Res<()> {
        if self.take(mark) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{mark}`")))
        }
    }

    pub fn expect_word(&mut self, word: &str) -> Res<()> {
        if self.take_word(word) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{word}`")))
        }
    }

    /// Reports that something else was expected here.
    pub fn expected(&mut self, what: &str) -> Fault {
        let d = self.expectation(what);
        self.report(d)
    }

    /// That something else was expected here.
    pub fn expectation(&self, what: &str) -> Diagnostic {
        let t = self.peek();
        let found = match t.kind {
            Kind::End => "the end of the query".to_owned(),
            _ => {
                let shown: String = t.text.chars().take(40).collect();
                format!("`{shown}`")
            }
        };
        let span = if t.kind == Kind::End {
            Span::new(self.last_end(), self.last_end())
        } else {
            t.span()
        };
        let d = Diagnostic::error(
            codes::SYNTAX,
            span,
            format!("{what} expected, {found} found"),
        );
        match self.before() {
            Some(b) if b.text == "," && b.kind == Kind::Mark => {
                d.with_help("the `,` in front of it has no item behind it")
            }
            Some(b) if b.text == "==" && t.text == "=" => d.with_help("`==` compares"),
            Some(b) if b.text == "between" && t.text != "(" => {
                d.with_help("a range is written `between (1 .. 5)`")
            }
            _ if t.text == "/" && self.is_ahead(1, "*") => {
                d.with_help("a comment begins with `//`")
            }
            _ => d,
        }
    }

    pub fn report(&mut self, d: Diagnostic) -> Fault {
        // What is left when the lexer took something out is no fault of its own.
        let gap = self.last_end()..=d.primary.start as usize;
        if d.code == codes::SYNTAX
            && self
                .diagnostics
                .iter()
                .take(self.lexical)
                .any(|o| gap.contains(&(o.primary.start as usize)))
        {
            return Fault;
        }
        // One fault a place.
        if self.diagnostics.len() < 100
            && !self
                .diagnostics
                .iter()
                .any(|o| o.primary.start == d.primary.start)
        {
            self.diagnostics.push(d);
        }
        Fault
    }

    /// Whether the next two tokens touch.
    pub fn touches(&self, n: usize) -> bool {
        self.ahead(n).end == self.ahead(n + 1).start
    }

    /// A name: plain, or `['...']`.
    pub fn name(&mut self) -> Res<Name> {
        let t = self.peek();
        match t.kind {
            Kind::Name => {
                self.next();
                Ok(Name {
                    text: t.text.to_owned(),
                    bracketed: false,
                    span: t.span(),
                })
            }
            Kind::Mark
                if t.text == "[" && self.ahead(1).kind == Kind::String && self.is_ahead(2, "]") =>
            {
                self.next();
                let text = self.string()?;
                self.next();
                Ok(Name {
                    text,
                    bracketed: true,
                    span: self.span_from(t.start),
                })
            }
            // A word that looks like a number with a unit or digits is a name where a name is required (`1d`, `4688`).
            Kind::TimeSpan => {
                self.next();
                Ok(Name {
                    text: t.text.to_owned(),
                    bracketed: false,
                    span: t.span(),
                })
            }
            _ => Err(self.expected("a name")),
        }
    }

    /// Whether a name starts here.
    pub fn at_name(&self) -> bool {
        let t = self.peek();
        t.kind == Kind::Name
            || (self.is("[") && self.ahead(1).kind == Kind::String && self.is_ahead(2, "]"))
    }

    /// A name with hyphens (`project-away`, `row_window-x`): words that touch.
    pub fn hyphenated(&mut self) -> Option<Name> {
        let t = self.peek();
        if t.kind != Kind::Name {
            return None;
        }
        self.next();
        let mut text = t.text.to_owned();
        while self.is("-")
            && self.ahead(1).kind == Kind::Name
            && self.last_end() == self.peek().start
            && self.touches(0)
        {
            self.next();
            text.push('-');
            text.push_str(self.next().text);
        }
        Some(Name {
            text,
            bracketed: false,
            span: self.span_from(t.start),
        })
    }

    /// Takes marks that touch each other, such as `-`, `-`, `>` for `-->`.
    pub fn take_marks(&mut self, marks: &[&str]) -> bool {
        let yes = marks
            .iter()
            .enumerate()
            .all(|(n, m)| self.is_ahead(n, m) && (n == 0 || self.touches(n - 1)));
        if yes {
            self.at += marks.len();
        }
        yes
    }

    /// Takes the mark that closes what `open` opened, or reports that it is missing and where it was opened.
    pub fn close(&mut self, mark: &str, open: Token<'_>) -> Res<()> {
        if self.take(mark) {
            return Ok(());
        }
        let d = self.expectation(&format!("`{mark}`"));
        let text = format!("this `{}` is not closed", open.text);
        Err(self.report(d.with_also(open.span(), text)))
    }

    /// As [`Cursor::close`], where an item of a list was read.
    pub fn close_list(&mut self, mark: &str, open: Token<'t>) -> Res<()> {
        if self.is(mark) || self.done() {
            return self.close(mark, open);
        }
        Err(self.expected(&format!("`,` or `{mark}`")))
    }

    /// Goes on to the end of a part with a fault that began at token `start`: to the `|`, `;` or closing bracket behind it
    /// that is outside of the brackets that the part opened. A bracket that is never closed ends at `;` at the latest.
    pub fn skip_part(&mut self, start: usize) {
        self.skip_to(start, true);
    }

    /// Goes on to the `;` behind a statement with a fault that began at token `start`, or to the end of its body.
    pub fn skip_statement(&mut self, start: usize, in_body: bool) {
        let mut start = start;
        loop {
            self.skip_to(start, false);
            if self.done() || self.is(";") || (in_body && self.is("}")) {
                return;
            }
            self.at += 1;
            start = self.at;
        }
    }

    fn skip_to(&mut self, start: usize, pipes: bool) {
        let fault = self.at;
        let (mut round, mut curly) = (0usize, 0usize);
        let mut at = start.min(fault);
        while let Some(t) = self.tokens.get(at) {
            if t.kind == Kind::End {
                break;
            }
            if t.kind == Kind::Mark {
                let behind = at >= fault;
                match t.text {
                    "(" | "[" => round += 1,
                    "{" => curly += 1,
                    ")" | "]" if round > 0 => round -= 1,
                    "}" if curly > 0 => curly -= 1,
                    ")" | "]" | "}" if behind && round + curly == 0 => break,
                    "}" if behind && curly == 0 => break,
                    "|" if behind && pipes && round + curly == 0 => break,
                    ";" if behind && curly == 0 => break,
                    _ => {}
                }
            }
            at += 1;
        }
        self.at = at.min(self.tokens.len().saturating_sub(1));
    }
}
