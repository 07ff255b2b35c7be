# A button whose callback starts a thread, so that the window stays alive during a long job.
# Look at the two lanes: the main thread runs the window, the new thread does the download.
# It needs a display. The button is pressed for you, and the window closes when all is done.
import sys
import time
from threading import Thread

try:
    import tkinter as tk
except ImportError:
    sys.exit('This example needs tkinter, which this Python does not have. '
             'On Debian: apt-get install python3-tk')


class App:
    def __init__(self, root):
        self.root = root
        self.run_thread = None
        self.URL_name = tk.StringVar(value='https://example.com/video')
        self.Folder_name = tk.StringVar(value='downloads')
        self.frame_form = tk.Frame(root)
        self.frame_form.pack()
        self.btn_Start = tk.Button(self.frame_form, text = 'Start')
        self.btn_Start.grid( column=1, row=2, padx=20, pady=20, sticky= tk.W + tk.E )
        self.btn_Start.configure( command = self.click_me)

    #Call Back関数
    def click_me(self):
        self.create_thread()

    #Thread生成メソッド
    def create_thread(self):
        self.run_thread = Thread( target=self.method_in_a_thread )
        self.run_thread.start()
        print(self.run_thread)

    #実行メソッド
    def method_in_a_thread(self):
        print('New Thread is Running.')
        self.get_youtube( self.URL_name.get(), self.Folder_name.get())

    def get_youtube(self, url, folder):
        time.sleep(1)  # stands for the download
        print('saved {} in {}'.format(url, folder))

    def close_when_done(self):
        if self.run_thread is not None and not self.run_thread.is_alive():
            self.root.destroy()
        else:
            self.root.after(100, self.close_when_done)


if __name__ == '__main__':
    try:
        root = tk.Tk()
    except tk.TclError as problem:
        sys.exit('This example opens a window and found no display ({}). '
                 'Run it on a desktop, or under a virtual display: '
                 'xvfb-run python3 {}'.format(problem, sys.argv[0]))
    app = App(root)
    root.after(300, app.btn_Start.invoke)
    root.after(500, app.close_when_done)
    root.mainloop()
    app.run_thread.join()
    print('window closed')
