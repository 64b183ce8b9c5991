@echo off
rem Sets up, then opens the window on the practice village: the Windows twin of "make run".
cd /d "%~dp0"
py -3 tools\bootstrap.py || exit /b 1
.venv\Scripts\python.exe -m tools.run
exit /b %ERRORLEVEL%
