//! A screen of its own with the program on it, and hands at its mouse and keyboard.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::access::{Accessibility, Node};
use super::picture::Picture;

/// How long anything may take, on a machine that has other work.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often to look.
const GLANCE: Duration = Duration::from_millis(50);
/// The pointer stops at so many places on its way, each for one glance.
const STOPS: i32 = 10;

/// A screen, its buses, and the program on it. All of it ends with this value.
pub(crate) struct Screen {
    folder: Option<TempDir>,
    display: String,
    session: String,
    accessibility: Option<Accessibility>,
    program: Option<Child>,
    servers: Vec<Child>,
}

impl Screen {
    /// A screen with a window manager, a session bus and the bus of accessible programs.
    pub(crate) fn new() -> Self {
        // A short path: sockets lie in it.
        let folder = tempfile::Builder::new().prefix("bf").tempdir().unwrap();
        let mut screen = Self {
            folder: Some(folder),
            display: String::new(),
            session: String::new(),
            accessibility: None,
            program: None,
            servers: Vec::new(),
        };
        let frame_buffer = screen.folder().to_path_buf();
        let number = screen.serve(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-fbdir"])
                .arg(frame_buffer),
        );
        screen.display = format!(":{number}");
        screen.session = screen.serve(Command::new("dbus-daemon").args([
            "--session",
            "--nofork",
            "--print-address=1",
            "--nopidfile",
        ]));
        screen.manage();
        screen.accessibility = Some(Accessibility::new(&screen.session).unwrap_or_else(|err| {
            panic!("no accessibility bus ({err}): install the packages that the README names under Test")
        }));
        screen
    }

    /// Starts a server that prints one line when it is ready; returns the line.
    fn serve(&mut self, command: &mut Command) -> String {
        let name = command.get_program().to_string_lossy().into_owned();
        let environment = self.environment();
        let child = command.envs(environment).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.unwrap_or_else(|err| missing(&name, &err));
        let mut line = String::new();
        let output = child.stdout.take().expect("standard output is a pipe");
        self.servers.push(child);
        BufReader::new(output).read_line(&mut line).unwrap();
        assert!(!line.trim().is_empty(), "{name} ended at once");
        line.trim().to_owned()
    }

    /// Starts the window manager, and waits until it manages: a window that comes before would never get the keyboard.
    ///
    /// A window manager that finds the screen not ready yet ends at once, so it is started again.
    fn manage(&mut self) {
        let start = || self.command("openbox").spawn().unwrap_or_else(|err| missing("openbox", &err));
        let mut manager = start();
        self.wait("the window manager", || {
            if manager.try_wait().unwrap().is_some() {
                manager = start();
            }
            // Only a window manager says how many desktops there are.
            let asked = self.command("xdotool").arg("get_num_desktops").status();
            asked.unwrap_or_else(|err| missing("xdotool", &err)).success().then_some(())
        });
        self.servers.push(manager);
    }

    /// The folder of everything that this screen's programs write.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.as_ref().expect("it is taken at the end").path()
    }

    fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let folder = self.folder();
        let mut environment: Vec<_> =
            ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"]
                .map(|name| (name, folder.to_path_buf()))
                .into();
        environment.extend([
            ("DISPLAY", PathBuf::from(&self.display)),
            ("DBUS_SESSION_BUS_ADDRESS", PathBuf::from(&self.session)),
            ("LIBGL_ALWAYS_SOFTWARE", PathBuf::from("1")),
        ]);
        environment
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.envs(self.environment()).env_remove("WAYLAND_DISPLAY").env_remove("AT_SPI_BUS_ADDRESS");
        command.current_dir(self.folder()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts the program.
    pub(crate) fn start(&mut self, arguments: &[&str]) {
        let program = self.command(env!("CARGO_BIN_EXE_billfold")).args(arguments).spawn().unwrap();
        self.program = Some(program);
    }

    /// Waits until the program has ended by itself, well.
    pub(crate) fn wait_for_end(&mut self) {
        let mut program = self.program.take().expect("it was started");
        let status = self.wait("the end of the program", || program.try_wait().unwrap());
        assert!(status.success(), "the program ended with {status}");
    }

    /// Looks again and again until there is something to see.
    fn wait<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(seen) = look() {
                return seen;
            }
            assert!(start.elapsed() < PATIENCE, "{what} does not come; what is there:\n{}", self.inventory());
            std::thread::sleep(GLANCE);
        }
    }

    fn nodes(&self) -> Vec<Node> {
        self.accessibility.as_ref().map(Accessibility::nodes).unwrap_or_default()
    }

    fn inventory(&self) -> String {
        let mut text = String::new();
        for node in self.nodes() {
            writeln!(text, "{:3} {:?} {:?}", node.role, node.name, node.rect).unwrap();
        }
        text
    }

    /// Waits for what has this name; of several the largest. A card says its findings after its name.
    pub(crate) fn wait_for(&self, name: &str) -> Node {
        self.wait_for_any(name, |node| {
            node.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(", "))
        })
    }

    fn wait_for_any(&self, what: &str, fits: impl Fn(&Node) -> bool) -> Node {
        let area = |node: &Node| i64::from(node.rect[2]) * i64::from(node.rect[3]);
        self.wait(what, || self.nodes().into_iter().filter(|node| fits(node)).max_by_key(area))
    }

    /// Waits until the window has this title.
    pub(crate) fn wait_for_title(&self, title: &str) {
        self.wait(&format!("the title {title:?}"), || {
            let output =
                self.ask_xdotool(&["search", "--onlyvisible", "--name", "Billfold", "getwindowname"]);
            output.lines().any(|line| line == title).then_some(())
        });
    }

    /// Waits until a file is there and returns it; the program puts files in place whole.
    pub(crate) fn wait_for_file(&self, path: &Path) -> String {
        self.wait(&path.display().to_string(), || std::fs::read_to_string(path).ok())
    }

    fn ask_xdotool(&self, arguments: &[&str]) -> String {
        let output = self.command("xdotool").args(arguments).stdout(Stdio::piped()).output();
        let output = output.unwrap_or_else(|err| missing("xdotool", &err));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn xdotool(&self, arguments: &[&str]) {
        let status = self.command("xdotool").args(arguments).status();
        let status = status.unwrap_or_else(|err| missing("xdotool", &err));
        assert!(status.success(), "xdotool {arguments:?}: {status}");
    }

    fn window(&self) -> String {
        self.wait("the window", || {
            let found = self.ask_xdotool(&["search", "--onlyvisible", "--name", "Billfold"]);
            found.lines().next().map(str::to_owned)
        })
    }

    fn point_at(&self, window: &str, (x, y): (i32, i32)) {
        self.xdotool(&["mousemove", "--window", window, &x.to_string(), &y.to_string()]);
        std::thread::sleep(GLANCE);
    }

    /// Clicks into the middle of what has this name.
    pub(crate) fn click(&self, name: &str) {
        self.click_at(middle(&self.wait_for(name)));
    }

    /// Clicks near the upper edge of what has this name: the header of a card that holds others.
    pub(crate) fn click_top(&self, name: &str) {
        let Node { rect: [x, y, width, _], .. } = self.wait_for(name);
        self.click_at((x + width / 2, y + 8));
    }

    fn click_at(&self, place: (i32, i32)) {
        self.point_at(&self.window(), place);
        self.xdotool(&["click", "1"]);
    }

    /// Drags from one name to another, and lets go when the window says what that will do.
    ///
    /// egui looks only at where the pointer is at the end of a frame, so the window has to have seen the pointer over
    /// the source, and the button pressed, before the pointer goes on: the left edge of the source changes with both.
    pub(crate) fn drag(&self, from: &str, to: &str, effect: &str) {
        let (source, target) = (self.wait_for(from), middle(&self.wait_for(to)));
        let (start, window) = (middle(&source), self.window());
        self.point_at(&window, target);
        let place = self.ask_xdotool(&["getmouselocation", "--shell"]);
        let absolute = |axis: &str| -> i32 {
            let text = place.lines().find_map(|line| line.strip_prefix(axis));
            text.and_then(|text| text.parse().ok())
                .unwrap_or_else(|| panic!("no place of the mouse: {place}"))
        };
        let (x, y) = (absolute("X=") - target.0, absolute("Y=") - target.1);
        let [left, top, _, height] = source.rect;
        let edge = || self.picture().and_then(|it| it.part([left + x - 1, top + y, 8, height]));
        let change_from = |before: Option<Vec<u8>>, what: &str| {
            self.wait(what, || Some(edge()).filter(|now| *now != before))
        };
        let plain = edge();
        self.point_at(&window, start);
        let hovered = change_from(plain, "the pointer over what is to be dragged");
        self.xdotool(&["mousedown", "1"]);
        change_from(hovered, "the button pressed on what is to be dragged");
        for step in 1..=STOPS {
            let between = |from: i32, to: i32| from + (to - from) * step / STOPS;
            self.point_at(&window, (between(start.0, target.0), between(start.1, target.1)));
        }
        self.wait_for_any(&format!("what a drop does: {effect:?}"), |node| {
            node.name.starts_with("Adds") && node.name.contains(effect)
        });
        self.xdotool(&["mouseup", "1"]);
    }

    /// What is on the screen.
    fn picture(&self) -> Option<Picture> {
        Picture::read(&self.folder().join("Xvfb_screen0"))
    }

    /// Chooses an entry of a list that opens.
    pub(crate) fn choose(&self, list: &str, entry: &str) {
        self.click_at(middle(&self.wait_for_any(list, |node| node.name == list && node.role != LABEL)));
        self.click(entry);
    }

    /// Presses keys together, by their X names.
    pub(crate) fn keys(&self, keys: &str) {
        self.xdotool(&["key", keys]);
    }

    /// Clicks into the field of this name and writes into it.
    pub(crate) fn type_into(&self, field: &str, text: &str) {
        let is_field = |node: &Node| node.name == field && node.role != LABEL;
        self.click_at(middle(&self.wait_for_any(field, is_field)));
        self.type_into_focused(field, text);
    }

    /// Replaces what is written in the field of this name, once it has the keyboard.
    pub(crate) fn type_into_focused(&self, field: &str, text: &str) {
        let access = self.accessibility.as_ref().expect("it is there from the start");
        let is_field = |node: &Node| node.name == field && node.role != LABEL && access.is_focused(node);
        self.wait_for_any(&format!("the keyboard in {field:?}"), is_field);
        self.xdotool(&["key", "ctrl+a"]);
        self.xdotool(&["type", "--delay", "10", text]);
        self.wait(&format!("{text:?} in {field:?}"), || {
            let nodes = self.nodes();
            let fields = nodes.iter().filter(|node| node.name == field && node.role != LABEL);
            fields.filter_map(|node| access.text(node).ok()).any(|written| written == text).then_some(())
        });
    }

    /// Answers the dialog that asks for a path.
    pub(crate) fn enter_path(&self, path: &Path) {
        self.type_into_focused("Path", path.to_str().unwrap());
        self.keys("Return");
    }

    /// Keeps the folder with a picture of the screen in it, and says where.
    #[expect(clippy::print_stderr, reason = "it belongs to the message of a test that fails")]
    fn keep_picture(&mut self) {
        let picture = self.picture();
        let Some(folder) = self.folder.take() else { return };
        let folder = folder.keep();
        let file = folder.join("screen.ppm");
        let written = picture.and_then(|picture| std::fs::write(&file, picture.portable_pixmap()).ok());
        if written.is_some() {
            eprintln!("the screen as it was: {}", file.display());
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.keep_picture();
        }
        for child in self.program.iter_mut().chain(self.servers.iter_mut().rev()) {
            let ended = child.kill().and_then(|()| child.wait());
            drop(ended);
        }
    }
}

/// `ATSPI_ROLE_LABEL`: a text beside a control bears the same name as the control.
const LABEL: u32 = 29;

fn middle(node: &Node) -> (i32, i32) {
    let [x, y, width, height] = node.rect;
    (x + width / 2, y + height / 2)
}

fn missing(program: &str, err: &std::io::Error) -> ! {
    panic!("cannot start {program} ({err}): install the packages that the README names under Test")
}
